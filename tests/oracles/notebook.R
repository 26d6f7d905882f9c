# Makes `notebook_*.csv` and `notebook.json`: whole notebooks and what R says of every number they print.
# Usage: Rscript notebook.R (in this folder). Each result has the lines of a notebook and, by command, the values of its page.
suppressMessages({
  library(glmnet)
  library(Hmisc)
  library(MASS)
  library(pROC)
  library(psych)
  library(rms)
})
options(digits = 17, warn = -1, OutDec = ".")
invisible(Sys.setlocale("LC_COLLATE", "C"))
source("common.R")

# --- cohorts ------------------------------------------------------------------------------------------------------
# Patients of three roles; features of several readers with missing cells, ties, a constant and a copy; clinical variables with
# missing values, a factor of three and one of four levels, and one that separates the outcome.
cohort <- function(name, seed, sizes, p, readers) {
  set.seed(seed)
  n <- sum(sizes)
  event <- rbinom(n, 1, 0.42)
  id <- sprintf("%s%03d", name, sample(100:999, n))
  role <- rep(names(sizes), sizes)
  truth <- matrix(rnorm(n * p), n)
  for (j in seq_len(p %/% 2)) truth[, j] <- truth[, j] + event * c(0.9, -0.8, 0.5, 1.1)[1 + j%%4]
  truth[, 5] <- 0.8 * truth[, 1] + 0.6 * truth[, 5]
  read <- function(r) {
    x <- truth + matrix(rnorm(n * p, sd = rep(seq(0.1, 0.9, length = p), each = n)), n) + 0.15 * (r - 1)
    x[, 3] <- round(x[, 3], 1)
    x[, 4] <- round(x[, 4] * 3)
    x[, 6] <- 1e+06 + 0.001 * x[, 6]
    x <- signif(x, 11)
    x[, 7] <- 3
    if (r == 1)
      x[c(2, 5, n), 8] <- NA
    x
  }
  train <- which(role == "train")
  twice <- sort(sample(train, round(length(train) * 0.55)))
  tables <- lapply(seq_len(readers), function(r) {
    x <- read(r)
    if (r > 1) {
      x[-twice, ] <- NA
      x[sample(twice, 2), 2] <- NA
    }
    data.frame(ID = id, setNames(as.data.frame(x), sprintf("f%02d", seq_len(p))))
  })
  age <- round(rnorm(n, 55 + 4 * event, 11))
  age[sample(n, 4)] <- NA
  marker <- round(exp(rnorm(n, 0.5 * event)), 1)
  sex <- ifelse(runif(n) < 0.5, "female", "male")
  grade <- c("g1", "g2", "g3")[1 + rbinom(n, 2, 0.35 + 0.2 * event)]
  site <- sample(c("arm", "head", "leg", "trunk"), n, TRUE, c(0.2, 0.2, 0.35, 0.25))
  site[sample(n, 3)] <- ""
  necrosis <- ifelse(event == 1 & runif(n) < 0.35, "yes", "no")
  clinical <- data.frame(ID = id, event = event, role = role, age, marker, sex, grade, site, necrosis)
  file <- function(d, f) write.csv(d, sprintf("notebook_%s%s.csv", name, f), row.names = FALSE, quote = FALSE, na = "")
  file(clinical, "")
  for (r in seq_len(readers)) file(tables[[r]], paste0("_features", if (r > 1) paste0("_reader", r)))
  again <- function(f) read.csv(sprintf("notebook_%s%s.csv", name, f), na.strings = "", stringsAsFactors = FALSE)
  list(name = name, clinical = again(""), tables = lapply(seq_len(readers), function(r) again(paste0("_features",
    if (r >
    1) paste0("_reader", r)))), open = c(sprintf("open notebook_%s.csv --outcome event --role role", name),
      sprintf("features notebook_%s_features.csv",
    name)))
}

# --- agreement ----------------------------------------------------------------------------------------------------
agreement <- function(c) {
  f <- names(c$tables[[1]])[-1]
  one <- function(j) {
    w <- sapply(c$tables, function(t) t[[j]])
    w <- w[complete.cases(w), ]
    if (all(w == w[1]))
      return(matrix(NA, 6, 7))
    # psych takes differences of large numbers; agreement does not change with the origin.
    r <- suppressWarnings(psych::ICC(w - w[1, 1], lmer = FALSE))$results
    cbind(r$ICC, r[["lower bound"]], r[["upper bound"]], r$p, r$F, nrow(w), r$df2)
  }
  all <- lapply(f, one)
  form <- function(i) {
    m <- t(sapply(all, function(a) a[i, ]))
    list(icc = m[, 1], lower = m[, 2], upper = m[, 3], p = m[, 4], f = m[, 5], n = m[, 6])
  }
  list(features = f, forms = setNames(lapply(1:6, form), c("1,1", "2,1", "3,1", "1,k", "2,k", "3,k")))
}

# --- selection ----------------------------------------------------------------------------------------------------
two_groups <- function(x, y, test) {
  a <- x[y == 1 & !is.na(x)]
  b <- x[y == 0 & !is.na(x)]
  if (all(c(a, b) == a[1]) && test != "ks")
    return(c(if (test == "mannwhitney") length(a) * length(b)/2 else NA, NA))
  r <- switch(test, mannwhitney = wilcox.test(a, b), welch = t.test(a, b), student = t.test(a, b, var.equal = TRUE),
    ks = ks.test(a, b))
  c(unname(r$statistic), r$p.value)
}

selection <- function(c, above, by = "icc", form = "2,1", below, adjust = "none", test = "mannwhitney") {
  a <- agreement(c)
  one <- a$forms[[form]]
  kept <- !is.na(one[[by]]) & one[[by]] > above
  train <- c$clinical$role == "train"
  y <- c$clinical$event[train]
  x <- c$tables[[1]][train, -1]
  names <- a$features[kept]
  t <- sapply(names, function(f) two_groups(x[[f]], y, test))
  p <- t[2, ]
  q <- p.adjust(p, adjust)
  list(icc = c(list(feature = I(a$features), kept = I(kept), forms = lapply(a$forms, function(f) f[1:3])), one),
    mannwhitney = c(list(feature = I(names), p = I(unname(p)), kept = I(unname(!is.na(q) & q < below)),
      auc = I(unname(sapply(names,
      function(f) two_groups(x[[f]], y, "mannwhitney")[1]/prod(table(y[!is.na(x[[f]])])))))),
        if (adjust != "none") list(p_adjusted = I(unname(q))),
      setNames(list(I(unname(t[1, ]))), if (test == "mannwhitney") "u" else "statistic")),
    names = names[!is.na(q) & q < below], x = x, y = y)
}

# --- models -------------------------------------------------------------------------------------------------------
penalised <- function(s, k, seed, rule, repeats = 1, loss = "deviance", alpha = 1) {
  use <- s$names[sapply(s$names, function(f) !anyNA(s$x[[f]]) && length(unique(s$x[[f]])) > 1)]
  z <- scale(as.matrix(s$x[, use]))
  n <- length(s$y)
  set.seed(seed)
  folds <- lapply(seq_len(repeats), function(r) sample(rep(1:k, length = n)))
  cv <- lapply(folds, function(f) cv.glmnet(z, s$y, family = "binomial", foldid = f, type.measure = loss, alpha = alpha,
    thresh = if (ncol(z) < n) 1e-07 else 1e-12, maxit = 1e+07))
  m <- rowMeans(sapply(cv, function(c) c$cvm))
  sd <- rowMeans(sapply(cv, function(c) c$cvsd))
  best <- which.min(m)
  at <- c(min = best, `1se` = which(m <= m[best] + sd[best])[1])[[rule]]
  fit <- cv[[1]]$glmnet.fit
  b <- fit$beta[, at]
  list(lambda = fit$lambda, cvm = m, cvsd = sd, lambda_min = fit$lambda[best],
    lambda_1se = fit$lambda[which(m <= m[best] +
    sd[best])[1]], selected = I(names(b)[b != 0]), coef = I(unname(b[b != 0])), intercept = unname(fit$a0[at]))
}
search <- function(s, names, direction, k) {
  d <- data.frame(y = s$y, scale(as.matrix(s$x[, names, drop = FALSE])))
  environment() -> e
  full <- reformulate(names, "y", env = e)
  start <- if (direction == "forward") y ~ 1 else full
  environment(start) <- e
  m <- stepAIC(glm(start, binomial, d), list(lower = ~1, upper = full), direction = direction, k = k, trace = 0)
  co <- summary(m)$coefficients
  t <- attr(terms(m), "term.labels")
  list(page = list(selected = I(t), intercept = unname(co[1, 1]), coef = I(unname(co[-1, 1])), se = I(unname(co[-1,
    2])), p = I(unname(co[-1,
    4])), aic = AIC(m)), names = t, coef = coef(m))
}
signature <- function(c, s, names, coef) {
  train <- c$clinical$role == "train"
  x <- as.matrix(c$tables[[1]][, names, drop = FALSE])
  m <- colMeans(x[train, , drop = FALSE])
  d <- apply(x[train, , drop = FALSE], 2, sd)
  as.vector(coef[1] + sweep(sweep(x, 2, m), 2, d, `/`) %*% coef[-1])
}

factors <- function(d) {
  for (v in c("sex", "grade", "site", "necrosis")) d[[v]] <- factor(d[[v]])
  d
}
# The training patients, whom rms is told of too.
training <- function(c, signature) {
  d <- c$clinical
  d$signature <- signature
  d <- d[d$role == "train", c("event", "age", "marker", "sex", "grade", "site", "necrosis", "signature")]
  dd <- datadist(d)
  for (e in c("Low", "High")) dd$limits[paste0(e, ":prediction"), ] <- dd$limits[e, ]
  dd <<- dd
  options(datadist = "dd")
  d
}
fitted_by <- function(terms, d) glm(reformulate(terms, "event"), binomial, d)
clinical <- function(c, below, ci = "wald") {
  d <- factors(c$clinical[c$clinical$role == "train", ])
  all <- c("age", "marker", "sex", "grade", "site", "necrosis")
  fits <- setNames(lapply(all, fitted_by, d), all)
  p <- sapply(fits, function(m) if (length(coef(m)) == 2)
    summary(m)$coefficients[2, 4]
  else pchisq(m$null.deviance - deviance(m), m$df.null - m$df.residual, lower.tail = FALSE))
  limits <- function(m) if (ci == "wald")
    confint.default(m)
  else profiled(m)
  rows <- do.call(rbind, lapply(fits, function(m) cbind(summary(m)$coefficients, limits(m))[-1, , drop = FALSE]))
  chosen <- all[p < below]
  m <- fitted_by(chosen, d)
  co <- summary(m)$coefficients
  li <- limits(m)
  rows[is.infinite(rows)] <- li[is.infinite(li)] <- NA
  list(univariable = list(variable = all, term = I(rownames(rows)), coef = I(unname(rows[, 1])), se = I(unname(rows[,
    2])),
    p = I(unname(rows[, 4])), lower = I(unname(rows[, 5])), upper = I(unname(rows[, 6]))), term = I(rownames(co)),
      coef = I(unname(co[, 1])),
    se = I(unname(co[, 2])), p = I(unname(co[, 4])), lower = I(unname(li[, 1])), upper = I(unname(li[, 2])),
      aic = AIC(m))
}
# The limits of the profile likelihood as roots of it: MASS reads them off a spline.
profiled <- function(m) profile_limits(model.matrix(m), m$y, coef(m), sqrt(diag(vcov(m))), FALSE)

# --- discrimination -----------------------------------------------------------------------------------------------
shares <- function(hit, y) {
  tp <- sum(hit & y == 1)
  fp <- sum(hit & y == 0)
  fn <- sum(!hit & y == 1)
  tn <- sum(!hit & y == 0)
  one <- function(x, n) {
    b <- binom.test(x, n)$conf.int
    list(x = x, n = n, estimate = x/n, lower = b[1], upper = b[2])
  }
  list(accuracy = one(tp + tn, tp + tn + fp + fn), sensitivity = one(tp, tp + fn), specificity = one(tn, tn + fp),
    ppv = one(tp,
    tp + fp), npv = one(tn, tn + fn))
}
# A model is read as a Rad-score or as a probability, and its threshold is chosen on that scale.
read_as <- function(m, x) if (m == "signature") x else plogis(x)
curve_of <- function(y, x) roc(y, x, quiet = TRUE, direction = "<", levels = 0:1)
discrimination <- function(c, models, part = NULL, boot = NULL) {
  known <- complete.cases(as.data.frame(models))
  y <- c$clinical$event
  role <- c$clinical$role
  roles <- unique(role)
  rows <- list()
  extra <- list()
  comparisons <- list()
  unpaired <- list()
  areas <- list()
  cut <- sapply(names(models), function(m) {
    k <- known & role == "train"
    x <- read_as(m, models[[m]][k])
    min(coords(curve_of(y[k], x), "best", best.method = "youden", transpose = FALSE)$threshold)
  })
  for (r in roles) {
    k <- known & role == r
    curves <- lapply(models, function(m) curve_of(y[k], m[k]))
    areas[[r]] <- curves
    for (m in names(models)) {
      x <- models[[m]][k]
      ci <- if (is.null(boot))
        as.numeric(ci.auc(curves[[m]]))
      else {
        set.seed(1)
        as.numeric(ci.auc(curves[[m]], method = "bootstrap", boot.n = boot, progress = "none"))
      }
      rows[[length(rows) + 1]] <- list(model = m, role = r, auc = as.numeric(auc(curves[[m]])), lower = ci[1],
        upper = ci[3],
        threshold = unname(cut[m]), at_threshold = shares(read_as(m, x) >= cut[m], y[k]),
          at_half = shares(plogis(x) >= 0.5 - 1e-10,
          y[k]))
      if (!is.null(part))
        extra[[length(extra) + 1]] <- list(model = m, role = r, partial = as.numeric(auc(curves[[m]],
          partial.auc = rev(part))),
          partial_corrected = as.numeric(auc(curves[[m]], partial.auc = rev(part), partial.auc.correct = TRUE)))
    }
    for (i in seq_along(models)) for (j in seq_along(models)) if (i < j) {
      t <- roc.test(curves[[i]], curves[[j]], method = "delong", paired = TRUE)
      comparisons[[length(comparisons) + 1]] <- list(a = names(models)[i], b = names(models)[j], role = r,
        difference = as.numeric(auc(curves[[i]]) -
        auc(curves[[j]])), lower = t$conf.int[1], upper = t$conf.int[2], z = unname(t$statistic), p = t$p.value)
    }
  }
  for (j in seq_along(roles)) for (i in seq_len(j - 1)) for (m in names(models)) {
    t <- roc.test(areas[[roles[i]]][[m]], areas[[roles[j]]][[m]], method = "delong", paired = FALSE)
    unpaired[[length(unpaired) + 1]] <- list(model = m, role = roles[j], against = roles[i],
      auc_against = as.numeric(auc(areas[[roles[i]]][[m]])),
      auc = as.numeric(auc(areas[[roles[j]]][[m]])), t = unname(t$statistic), df = unname(t$parameter), p = t$p.value)
  }
  c(list(rows = rows, comparisons = comparisons, unpaired = unpaired), if (!is.null(part)) list(extra = extra))
}

# --- calibration --------------------------------------------------------------------------------------------------
# hoslem.test's degrees of freedom are those of the patients the model was fitted to; elsewhere each group has one.
groups_of <- function(p, y, g, fitted) {
  b <- unique(quantile(p, 0:g/g))
  k <- cut(p, b, include.lowest = TRUE)
  o <- tapply(y, k, sum)
  E <- tapply(p, k, sum)
  m <- tapply(y, k, length)
  X <- sum((o - E)^2/E + (o - E)^2/(m - E))
  df <- length(o) - if (fitted) 2 else 0
  list(hl_chi2 = X, hl_df = length(o) - 2, hl_p = pchisq(X, length(o) - 2, lower.tail = FALSE),
    hl_df_shown = df, hl_p_shown = pchisq(X, df, lower.tail = FALSE),
    hl_smallest_expected = min(E, m - E), hl_groups = lapply(seq_along(o),
    function(i) list(n = m[[i]], observed = o[[i]], expected = E[[i]])))
}
# Percentile limits of the smooth curve over resamples, where half of them reach.
band <- function(p, y, B) {
  t <- seq(min(p), max(p), length = 50)
  set.seed(1)
  each <- sapply(seq_len(B), function(b) {
    i <- sample(length(p), replace = TRUE)
    approx(lowess(p[i], y[i], iter = 0), xout = t, ties = mean)$y
  })
  limits <- apply(each, 1, function(v) {
    v <- v[!is.na(v)]
    if (2 * length(v) < B)
      c(NA, NA)
    else quantile(v, c(0.025, 0.975))
  })
  list(predicted = t, lowess_lower = limits[1, ], lowess_upper = limits[2, ])
}
agreeing <- function(c, lp, B, formula) {
  fine <- list(epsilon = 1e-14, maxit = 100)
  rows <- lapply(unique(c$clinical$role), function(r) {
    k <- c$clinical$role == r & !is.na(lp)
    p <- plogis(lp[k])
    y <- c$clinical$event[k]
    z <- sum((y - p) * (1 - 2 * p))/sqrt(sum((1 - 2 * p)^2 * p * (1 - p)))
    m <- glm(y ~ qlogis(p), binomial, control = fine)
    l <- glm(y ~ offset(qlogis(p)), family = binomial, control = fine)
    # At the maximum itself: glm's standard errors are of the step before.
    wald <- function(b, information, i) b[i] + c(0, -1, 1) * qnorm(0.975) * sqrt(solve(information)[i, i])
    at <- maximum(cbind(1, qlogis(p)), y, unname(coef(m)))
    a <- wald(at$b, at$information, 1)
    s <- wald(at$b, at$information, 2)
    w <- plogis(qlogis(p) + coef(l))
    i <- wald(unname(coef(l)), matrix(sum(w * (1 - w))), 1)
    d <- abs(p - approx(lowess(p, y, iter = 0), xout = p, ties = mean)$y)
    c(list(role = r, n = length(y), brier = mean((p - y)^2),
      brier_scaled = 1 - mean((p - y)^2)/(mean(y) * (1 - mean(y))),
      spiegelhalter_z = z, spiegelhalter_p = 2 * pnorm(-abs(z)), ici = mean(d), e50 = median(d),
        e90 = unname(quantile(d,
        0.9)), emax = max(d), intercept = a[1], intercept_lower = a[2], intercept_upper = a[3], slope = s[1],
          slope_lower = s[2],
      slope_upper = s[3], in_the_large = i[1], in_the_large_lower = i[2], in_the_large_upper = i[3]), groups_of(p, y,
        10, r == "train"))
  })
  if (B == 0)
    return(list(rows = rows))
  roles <- unique(c$clinical$role)
  curve <- lapply(roles, function(r) {
    k <- c$clinical$role == r & !is.na(lp)
    list(band = band(plogis(lp[k]), c$clinical$event[k], B))
  })
  f <- lrm(formula, training(c, attr(lp, "signature")), x = TRUE, y = TRUE)
  set.seed(1)
  v <- validate(f, B = B)
  set.seed(1)
  cal <- calibrate(f, B = B)
  index <- function(n) {
    w <- unname(v[n, ])
    list(original = w[1], training = w[2], test = w[3], optimism = w[4], corrected = w[5], n = w[6])
  }
  list(rows = rows, curve = setNames(curve, roles), validated = setNames(lapply(rownames(v), index), rownames(v)),
    corrected = list(predicted = unname(cal[, "predy"]), apparent = unname(cal[,
    "calibrated.orig"]), corrected = unname(cal[, "calibrated.corrected"])))
}

# --- decision -----------------------------------------------------------------------------------------------------
deciding <- function(c, lp, B) {
  th <- (0:99)/100
  benefit <- function(p, y) sapply(th, function(t) mean(p >= t & y == 1) - mean(p >= t & y == 0) * t/(1 - t))
  out <- list()
  detail <- list()
  for (r in unique(c$clinical$role)) {
    k <- c$clinical$role == r & !is.na(lp)
    p <- plogis(lp[k])
    y <- c$clinical$event[k]
    nb <- benefit(p, y)
    all <- mean(y) - (1 - mean(y)) * th/(1 - th)
    set.seed(1)
    b <- replicate(B, {
      i <- sample(length(y), replace = TRUE)
      benefit(p[i], y[i])
    })
    out[[r]] <- list(threshold = th, nomogram = nb, all = all)
    detail[[r]] <- list(nomogram = list(standardised = nb/mean(y), lower = apply(b, 1, quantile, 0.025, type = 1),
      upper = apply(b,
      1, quantile, 0.975, type = 1), high_risk_per_1000 = sapply(th, function(t) mean(p >= t)) * 1000))
  }
  c(out, list(detail = detail))
}

# --- characteristics ----------------------------------------------------------------------------------------------
characteristics <- function(c) {
  rows <- list()
  for (r in unique(c$clinical$role)) {
    d <- c$clinical[c$clinical$role == r, ]
    for (v in c("age", "marker", "sex", "grade", "site", "necrosis")) {
      x <- d[[v]]
      y <- d$event
      gone <- c(sum(is.na(x) & y == 0), sum(is.na(x) & y == 1))
      k <- !is.na(x)
      a <- x[k & y == 1]
      b <- x[k & y == 0]
      if (is.numeric(x)) {
        if (shapiro.test(a)$p.value >= 0.05 && shapiro.test(b)$p.value >= 0.05) {
          e <- var.test(a, b)$p.value >= 0.05
          test <- if (e)
            "Student t"
          else "Welch t"
          p <- t.test(a, b, var.equal = e)$p.value
        } else {
          w <- wilcox.test(a, b)
          test <- if (grepl("exact", w$method))
            "Mann-Whitney, exact"
          else "Mann-Whitney"
          p <- w$p.value
        }
        smd <- (mean(a) - mean(b))/sqrt((var(a) + var(b))/2)
      } else {
        m <- table(x[k], y[k])
        E <- chisq.test(m, correct = FALSE)
        few <- any(E$expected < 5)
        test <- if (few)
          "Fisher, exact"
        else "Pearson"
        p <- if (few)
          fisher.test(m)$p.value
        else E$p.value
        P <- prop.table(m, 2)[-1, , drop = FALSE]
        S <- Reduce(`+`, lapply(1:2, function(g) {
          q <- P[, g]
          diag(q, length(q)) - q %*% t(q)
        }))/2
        D <- P[, 2] - P[, 1]
        smd <- sqrt(as.numeric(t(D) %*% solve(S) %*% D))
        if (nrow(P) == 1)
          smd <- unname(D/sqrt(S[1]))
      }
      rows[[length(rows) + 1]] <- list(role = r, variable = v, test = test, p = p,
        smd = if (is.numeric(x)) smd else abs(unname(smd)), missing_without = gone[1], missing_with = gone[2])
    }
  }
  list(rows = rows)
}

# --- reclassification ---------------------------------------------------------------------------------------------
reclassified <- function(c, first, second) {
  list(rows = lapply(unique(c$clinical$role), function(r) {
    k <- c$clinical$role == r & !is.na(first) & !is.na(second)
    i <- improveProb(plogis(first[k]), plogis(second[k]), c$clinical$event[k])
    list(role = r, idi = i$idi, idi_events = i$improveSens, idi_others = i$improveSpec, idi_se = i$se.idi,
      idi_z = i$z.idi,
      nri = list(value = i$nri, events = i$nri.ev, others = i$nri.ne, se = i$se.nri))
  }))
}

# --- points -------------------------------------------------------------------------------------------------------
points_of <- function(c, formula, sig) {
  f <- lrm(formula, training(c, sig), x = TRUE, y = TRUE, eps = 1e-12)
  n <- nomogram(f, fun = plogis, maxscale = 100)
  vars <- all.vars(formula)[-1]
  axis <- lapply(vars, function(v) list(value = n[[v]][[1]], points = n[[v]]$points))
  list(term = I(rep(vars, sapply(axis, function(a) length(a$points)))), points = I(unlist(lapply(axis,
    function(a) a$points))))
}

# --- notebooks ----------------------------------------------------------------------------------------------------
# The linear predictor of every patient, by maximum likelihood or by Firth's.
modelled <- function(c, terms, sig, firth) {
  d <- factors(c$clinical)
  d$signature <- sig
  m <- fitted_by(terms, d[d$role == "train", ])
  co <- summary(m)$coefficients
  names <- rownames(co)
  x <- model.matrix(m)
  page <- list(term = I(names), coef = I(unname(co[, 1])), se = I(unname(co[, 2])), p = I(unname(co[, 4])),
    aic = AIC(m))
  if (firth) {
    best <- maximum(x, m$y, c(qlogis(mean(m$y)), rep(0, ncol(x) - 1)), penalised = TRUE)
    without <- sapply(seq_along(best$b), function(j) {
      b <- best$b
      b[j] <- 0
      maximum(x, m$y, b, seq_along(b)[-j], TRUE)$value
    })
    page$coef <- I(best$b)
    page$se <- I(unname(sqrt(diag(solve(best$information)))))
    page$p <- I(pchisq(2 * (best$value - without), 1, lower.tail = FALSE))
    page$aic <- -2 * maximum(x, m$y, best$b, integer())$value + 2 * ncol(x)
  }
  whole <- model.matrix(delete.response(terms(m)), model.frame(delete.response(terms(m)), d, na.action = na.pass,
    xlev = m$xlevels))
  lp <- as.vector(whole %*% as.numeric(page$coef))
  attr(lp, "signature") <- sig
  w <- plogis(lp[match(rownames(x), rownames(d))])
  w <- w * (1 - w)
  h <- rowSums((x %*% solve(crossprod(x, w * x))) * x) * w
  first <- match(rownames(x)[1], rownames(d))
  list(page = page, lp = lp, patient = list(id = c$clinical$ID[first], leverage = h[[1]], linear = lp[first],
    probability = plogis(lp[first])))
}
notebook <- function(c, icc, tests, lasso, step, clin, terms, firth = FALSE, boot = NULL, part = NULL) {
  flags <- function(command, values) paste(c(command, unlist(Map(function(n, v) if (!is.null(v)) paste0("--", n, " ",
    v), names(values), values))), collapse = " ")
  s <- do.call(selection, c(list(c), icc, tests))
  l <- do.call(penalised, c(list(s), lasso))
  st <- search(s, l$selected, step$direction, if (step$criterion == "bic") log(length(s$y)) else 2)
  sig <- signature(c, s, st$names, st$coef)
  m <- modelled(c, terms, sig, firth)
  lp <- m$lp
  models <- list(signature = sig, nomogram = as.vector(lp))
  f <- reformulate(terms, "event")
  by <- if (identical(icc$by, "lower")) "lower" else "estimate"
  lines <- c(c$open, flags("icc", list(above = icc$above, form = icc$form, by = by)), flags("mannwhitney",
    list(below = tests$below, adjust = tolower(tests$adjust),
    test = tests$test)), flags("lasso", list(rule = lasso$rule, folds = lasso$k, seed = lasso$seed, loss = lasso$loss,
      repeats = lasso$repeats, alpha = lasso$alpha)),
    flags("stepwise", step), "signature", flags("clinical", clin), paste(c("nomogram", terms,
      if (firth) "--fit firth"), collapse = " "), "table1", flags("roc signature nomogram",
      list(ci = if (!is.null(boot)) "bootstrap", resamples = boot, partial = if (!is.null(part)) paste(part,
        collapse = "-"))), sprintf("calibrate nomogram --resamples %d", if (firth) 0 else 40),
    "decision nomogram --resamples 50", "reclassify signature nomogram", paste("predict --patient", m$patient$id))
  cal <- if (firth) agreeing(c, lp, 0, f) else agreeing(c, lp, 40, f)
  list(lines = I(lines), cells = list(icc = s$icc, mannwhitney = s$mannwhitney, lasso = l, stepwise = st$page,
    clinical = clinical(c, clin$below, clin$ci), nomogram = c(m$page,
    if (!firth) list(points = points_of(c, f, sig))), table1 = characteristics(c), roc = discrimination(c, models,
      part, boot), calibrate = cal, decision = deciding(c, lp, 50), reclassify = reclassified(c,
    sig, as.vector(lp)), predict = m$patient[3:4]), patient = m$patient)
}
A <- cohort("a", 41, c(train = 62, north = 24, south = 16), 14, 3)
B <- cohort("b", 77, c(train = 120, test = 55), 24, 2)
results <- list(three_readers = notebook(A, list(above = 0.6, by = "icc", form = "2,1"), list(below = 0.2,
  adjust = "none", test = "mannwhitney"), list(k = 5, seed = 7,
  rule = "min", repeats = 3, loss = "deviance", alpha = 1), list(direction = "both", criterion = "aic"),
    list(below = 0.2, ci = "profile"), c("signature", "grade", "age"),
  part = c(0.8, 1)), two_readers = notebook(B, list(above = 0.5, by = "lower", form = "3,k"), list(below = 0.1,
    adjust = "BH", test = "welch"), list(k = 8, seed = 3, rule = "1se",
  repeats = 1, loss = "class", alpha = 0.5), list(direction = "forward", criterion = "bic"), list(below = 0.3,
    ci = "wald"), c("signature", "site", "marker"), boot = 60),
  separated = notebook(A, list(above = 0.5, by = "icc", form = "1,1"), list(below = 0.3, adjust = "holm",
    test = "ks"), list(k = 4, seed = 12, rule = "min", repeats = 2, loss = "mse",
    alpha = 1), list(direction = "backward", criterion = "aic"), list(below = 0.9, ci = "profile"), c("signature",
      "necrosis"), firth = TRUE))
writeLines(json(list(step = "notebook", versions = list(R = as.character(getRversion())), results = results)),
  "notebook.json")
