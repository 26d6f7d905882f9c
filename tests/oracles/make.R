# Makes the cases of this folder: simulated tables, and what R says of them.
# Usage: Rscript make.R (in this folder). R 4.2.2, glmnet 4.1-6, MASS 7.3-58.2, pROC 1.18.0, rms 6.5-0.
suppressMessages({
  library(glmnet)
  library(MASS)
  library(pROC)
  library(rms)
})
options(digits = 17, warn = -1)

source("common.R")
save <- function(step, ...) {
  versions <- list(R = as.character(getRversion()), glmnet = "4.1-6", MASS = "7.3-58.2", pROC = "1.18.0",
    rms = "6.5-0")
  writeLines(json(list(step = step, versions = versions, ...)), paste0(step, ".json"))
}
table_to <- function(d, file) write.csv(d, file, row.names = FALSE, quote = FALSE, na = "")

# --- tables -------------------------------------------------------------------------------------------------------
set.seed(20240501)
n <- 60
y <- as.integer(runif(n) < plogis(0.3 * rnorm(n)))
x <- matrix(rnorm(n * 24), n)
for (j in 1:6) x[, j] <- x[, j] + 0.9 * y * (-1)^j
x[, 8] <- x[, 1] + 0.1 * rnorm(n)
x[, 12] <- x[, 2]
x[, 13] <- -3 * x[, 4]
x[, 20] <- 7
x[, 21] <- round(x[, 21])
x <- signif(x %*% diag(10^(rep(-3:4, 3))), 7)
colnames(x) <- sprintf("f%02d", 1:24)
features <- data.frame(patient = sprintf("P%02d", 1:n), lm = y, x, fold5 = sample(rep(1:5, length = n)),
  fold10 = sample(rep(1:10, length = n)))
table_to(features, "features.csv")

m <- 24
truth <- matrix(rnorm(m * 7), m)
readers <- do.call(rbind, lapply(1:2, function(r) {
  v <- truth + matrix(rnorm(m * 7, sd = 0.35), m) + 0.1 * r
  v[, 3] <- 1e+06 + v[, 3] * 0.001
  v[, 4] <- 2.5
  v[, 5] <- truth[, 5]
  v[, 6] <- round(truth[, 6], 2) + r
  data.frame(patient = sprintf("P%02d", 1:m), reader = r, signif(v, 9))
}))
names(readers)[3:9] <- sprintf("f%d", 1:7)
readers[c(5, 30), 9] <- NA
readers <- readers[order(readers$patient, readers$reader), ]
table_to(readers, "readers.csv")
readers <- read.csv("readers.csv")

k <- c(training = 80, internal = 40)
cohort <- do.call(rbind, lapply(names(k), function(c) {
  n <- k[[c]]
  lm <- rbinom(n, 1, 0.45)
  data.frame(patient = sprintf("%s%02d", substr(c, 1, 1), 1:n), cohort = c, lm = lm, margin = ifelse(runif(n) <
    0.45 + 0.3 * lm, "poor", "well"), signature = round(rnorm(n, 1.1 * lm - 0.6, 1.1), 3), rival = round(rnorm(n,
    0.4 * lm), 1), age = round(rnorm(n, 48, 14)), hardness = sample(c("soft", "tough", "tender"),
    n, TRUE), sex = sample(c("female", "male"), n, TRUE))
}))
table_to(cohort, "cohort.csv")
train <- cohort[cohort$cohort == "training", ]
g <- c(1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0)
quasi <- data.frame(y = c(1, 1, 1, 1, 1, 1, 0, 1, 0, 0, 0, 0), g = g, x = c(2.1, 0.4, 3.3, 1.2, 2.8,
  3.9, 1.7, 2.2, 2.6, 0.3, 1.1, 0.8))
table_to(quasi, "quasi_separated.csv")
separated <- data.frame(y = rep(0:1, each = 5), x1 = 1:10)
table_to(separated, "separated.csv")
set.seed(31)
boot <- lapply(1:40, function(b) sample(80, replace = TRUE))
writeLines(vapply(boot, paste, "", collapse = ","), "boot_idx_40x80.csv")

# --- rng ----------------------------------------------------------------------------------------------------------
from <- function(seed, e) {
  set.seed(seed)
  eval(e)
}
strat <- quote({
  y <- rep(0:1, c(70, 52))
  sort(unlist(lapply(0:1, function(k) {
    i <- which(y == k)
    i[sample.int(length(i), round(2/3 * length(i)))]
  })))
})
save("rng", results = lapply(c(3, 2024, -5), function(s) list(seed = s, runif_8 = from(s, quote(runif(8))),
  sample_40 = from(s, quote(sample(40))), sample_40_replace = from(s, quote(sample(40, replace = TRUE))),
  sample_9_of_70000 = from(s, quote(sample.int(70000, 9))), foldid_33_5 = from(s, quote(sample(rep(1:5,
    length = 33)))), rnorm_inversion = from(s, quote(rnorm(5))), strat_split_2_1 = from(s, strat))))

# --- icc: the analysis of variance, written out ---------------------------------------------------------------------
icc <- function(f) {
  w <- reshape(readers[, c("patient", "reader", f)], idvar = "patient", timevar = "reader", direction = "wide")[,
    -1]
  rows <- nrow(w)
  w <- as.matrix(w[complete.cases(w), ])
  n <- nrow(w)
  k <- ncol(w)
  w <- w - w[1, 1]
  e <- w - outer(rowMeans(w), rep(1, k)) - outer(rep(1, n), colMeans(w)) + mean(w)
  msb <- k * sum((rowMeans(w) - mean(w))^2)/(n - 1)
  msj <- n * sum((colMeans(w) - mean(w))^2)/(k - 1)
  mse <- sum(e^2)/((n - 1) * (k - 1))
  msw <- sum((w - rowMeans(w))^2)/(n * (k - 1))
  out <- list(n_rows = rows, n_complete = n, n_missing = rows - n, mean_squares = list(n = n, k = k,
    msb = msb, msw = msw, msj = msj, mse = mse))
  v <- c((msb - msw)/(msb + (k - 1) * msw), (msb - mse)/(msb + (k - 1) * mse + k * (msj - mse)/n),
    (msb - mse)/(msb + (k - 1) * mse), (msb - msw)/msb, (msb - mse)/(msb + (msj - mse)/n), (msb -
      mse)/msb)
  f1 <- msb/msw
  f3 <- msb/mse
  d1 <- n - 1
  d2 <- c(n * (k - 1), (n - 1) * (k - 1))
  lim <- function(F, d) c(F/qf(0.975, d1, d), F * qf(0.975, d, d1))
  l1 <- lim(f1, d2[1])
  l3 <- lim(f3, d2[2])
  r <- v[2]
  fj <- msj/mse
  a <- k * r * fj + n * (1 + (k - 1) * r) - k * r
  df <- (k - 1) * (n - 1) * a^2/((n - 1) * k^2 * r^2 * fj^2 + (n * (1 + (k - 1) * r) - k * r)^2)
  fu <- qf(0.975, d1, df)
  fl <- qf(0.975, df, d1)
  s <- k * msj + (k * n - k - n) * mse
  l2 <- c(n * (msb - fu * mse)/(fu * s + n * msb), n * (fl * msb - mse)/(s + n * fl * msb))
  single <- function(l) (l - 1)/(l + k - 1)
  many <- function(l) 1 - 1/l
  up <- function(l) l * k/(1 + l * (k - 1))
  L <- cbind(single(l1), l2, single(l3), many(l1), up(l2), many(l3))
  F <- c(f1, f3, f3, f1, f3, f3)
  out$listwise <- list(shrout_fleiss = I(c("ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)",
    "ICC(3,k)")), icc = v, F = F, df1 = rep(d1, 6), df2 = d2[c(1, 2, 2, 1, 2, 2)], p = pf(F, d1,
    d2[c(1, 2, 2, 1, 2, 2)], lower.tail = FALSE), lower = L[1, ], upper = L[2, ])
  out
}
save("icc", results = list(readers = list(input = "readers.csv", features = setNames(lapply(sprintf("f%d",
  1:7), icc), sprintf("f%d", 1:7)))))

# --- mann_whitney ---------------------------------------------------------------------------------------------------
mw <- function(x, y) {
  x <- x[!is.na(x)]
  y <- y[!is.na(y)]
  t <- function(...) wilcox.test(x, y, ...)$p.value
  d <- wilcox.test(x, y)
  W <- unname(d$statistic)
  ties <- any(duplicated(c(x, y)))
  c(list(n_x = length(x), n_y = length(y), ties = ties, W_cases = W, W_controls = length(x) * length(y) -
    W, auc = W/length(x)/length(y), default_method = d$method, p_default = d$p.value,
      p_normal_corrected = t(exact = FALSE),
    p_normal_uncorrected = t(exact = FALSE, correct = FALSE), p_default_less = t(alternative = "less"),
    p_default_greater = t(alternative = "greater")), if (!ties) list(p_exact = t(exact = TRUE)))
}
f <- colnames(x)
p <- sapply(f, function(j) wilcox.test(features[y == 1, j], features[y == 0, j])$p.value)
W <- sapply(f, function(j) unname(wilcox.test(features[y == 1, j], features[y == 0, j])$statistic))
methods <- c("holm", "hochberg", "hommel", "bonferroni", "BH", "BY", "none")
pv <- c(0.01, 0.04, NA, 0.03, 0.5, 1e-12, 0.5, 1)
set.seed(5)
a <- round(rnorm(55), 4)
b <- round(rnorm(20, 0.5), 4)
save("mann_whitney", results = list(features = list(input = "features.csv", outcome = "lm", table = c(list(feature = f,
  W_cases = W, p_default = p), setNames(lapply(methods[-7], function(m) p.adjust(p, m)), paste0("padj_",
  methods[-7]))), n_selected_p_lt_0.05 = sum(p < 0.05, na.rm = TRUE), n_selected_BH_lt_0.05 = sum(p.adjust(p,
  "BH") < 0.05, na.rm = TRUE)), edge = list(tiny = list(x = c(1.1, 2.2, 5.5), y = c(0.3, 4.4), result = mw(c(1.1,
  2.2, 5.5), c(0.3, 4.4))), tied = list(x = c(4, 4, 4), y = c(4, 4), result = mw(c(4, 4, 4), c(4, 4))),
  one = list(x = I(3.5), y = 1:5, result = mw(3.5, 1:5)), missing = list(x = c(1, NA, 3.5, 7), y = c(NA,
    0.5, 4), result = mw(c(1, NA, 3.5, 7), c(NA, 0.5, 4))), large = list(x = a, y = b, result = mw(a,
    b)), infinite = list(x = c(1, Inf, 3), y = c(-Inf, 2, 0.5), result = mw(c(1, Inf, 3), c(-Inf,
    2, 0.5)))), p_adjust = list(p = pv, out = setNames(lapply(methods, function(m) p.adjust(pv, m)),
  methods))))

# --- glmnet ---------------------------------------------------------------------------------------------------------
path <- function(fit) {
  i <- summary(fit$beta)
  list(lambda = I(fit$lambda), df = I(unname(fit$df)), dev_ratio = I(fit$dev.ratio), nulldev = fit$nulldev,
    npasses = fit$npasses, jerr = fit$jerr, n_lambda = length(fit$lambda), a0 = I(unname(fit$a0)),
    beta = list(lambda_index = I(i$j), feature_index = I(i$i), value = I(i$x)))
}
cv <- function(loss, fold, ...) {
  c <- cv.glmnet(x, y, family = "binomial", foldid = features[[fold]], type.measure = loss, keep = TRUE,
    ...)
  co <- function(s) {
    b <- as.matrix(coef(c, s = s))
    b <- b[b != 0 | rownames(b) == "(Intercept)", 1]
    list(name = I(names(b)), value = I(unname(b)))
  }
  list(type_measure = loss, measure_used = unname(c$name), grouped = !identical(list(...)$grouped,
    FALSE), lambda = c$lambda, cvm = unname(c$cvm), cvsd = unname(c$cvsd), nzero = unname(c$nzero),
    lambda_min = c$lambda.min, lambda_1se = c$lambda.1se, index_min = c$index[1], index_1se = c$index[2],
    coef_min = co("lambda.min"), coef_1se = co("lambda.1se"), preval_at_min = unname(c$fit.preval[,
      c$index[1]]))
}
# Repeated cross-validation: assignments drawn one after another, the curve their mean, its standard error the mean of theirs.
repeated <- function(loss, k, seed, repeats, stratified = FALSE) {
  labels <- rep(1:k, length = n)
  draw <- function() {
    if (!stratified)
      return(sample(labels))
    f <- integer(n)
    m <- sum(y == 0)
    f[y == 0] <- labels[1:m][sample(m)]
    f[y == 1] <- labels[-(1:m)][sample(n - m)]
    f
  }
  set.seed(seed)
  folds <- lapply(seq_len(repeats), function(r) draw())
  cv <- lapply(folds, function(f) cv.glmnet(x, y, family = "binomial", foldid = f, type.measure = loss))
  lambda <- cv[[1]]$lambda
  cvm <- rowMeans(sapply(cv, function(c) c$cvm))
  cvsd <- rowMeans(sapply(cv, function(c) c$cvsd))
  sign <- if (loss == "auc")
    -1
  else 1
  best <- which.min(sign * cvm)
  list(type_measure = loss, folds = k, seed = seed, repeats = repeats, stratified = stratified, foldid = do.call(rbind,
    folds), lambda = lambda, cvm = unname(cvm), cvsd = unname(cvsd), lambda_min = lambda[best],
      lambda_1se = max(lambda[sign *
    cvm <= sign * cvm[best] + cvsd[best]]))
}
fit <- function(...) glmnet(x, y, family = "binomial", ...)
user <- fit(lambda = c(0.2, 0.1, 0.05, 0.01), thresh = 1e-12)
s <- c(0.3, 0.15, 0.07, 0.001)
save("glmnet", results = list(features = list(input = "features.csv", n = n, p = 24, feature_names_first_last = c("f01",
  "f24"), path_default = path(fit()), path_thresh_1e12 = path(fit(thresh = 1e-12, maxit = 1e+07)),
  path_alpha_0.5 = path(fit(alpha = 0.5)), path_nlambda_15_ratio_0.05 = path(fit(nlambda = 15,
    lambda.min.ratio = 0.05)),
  path_user_lambda = path(user), interpolation = list(s = s, coef = lapply(s, function(v) I(as.vector(coef(user,
    s = v))))), cv_fold5_deviance_default = cv("deviance", "fold5"), cv_fold5_class_default = cv("class",
    "fold5"), cv_fold5_auc_default = cv("auc", "fold5"), cv_fold10_mse_thresh_1e12 = cv("mse", "fold10",
    thresh = 1e-12, maxit = 1e+07), cv_fold10_mae_default = cv("mae", "fold10"), cv_fold10_auc_default = cv("auc",
    "fold10"), repeated = list(deviance_5 = repeated("deviance", 10, 7, 5), auc_3 = repeated("auc", 5, 2024,
    3), class_stratified_4 = repeated("class", 6, 11, 4, TRUE), mse_1 = repeated("mse", 5, 3, 1)))))

# --- logistic -------------------------------------------------------------------------------------------------------
model <- function(formula, d) {
  warn <- character()
  m <- withCallingHandlers(glm(formula, binomial, d), warning = function(w) {
    warn <<- c(warn, conditionMessage(w))
  })
  c <- unname(summary(m)$coefficients)
  z <- qnorm(0.975)
  d1 <- drop1(m, test = "LRT")
  b <- unname(coef(m))
  separated <- length(warn) > 0 || any(c[, 2] > 1000 * c[1, 2])
  exact <- profile_limits(model.matrix(m), m$y, coef(m), c[, 2], FALSE)
  exact[is.infinite(exact)] <- NA
  mass <- if (!separated)
    suppressMessages(unname(confint(m)))
  full <- glm(formula, binomial, d, control = list(epsilon = 1e-14, maxit = 100))
  cf <- unname(summary(full)$coefficients)
  list(formula = deparse(formula), n = nobs(m), terms = names(coef(m)), warnings = I(warn), iterations = m$iter,
    converged = m$converged, boundary = m$boundary, coef = c[, 1], se = c[, 2], z = c[, 3], p = c[,
      4], vcov = unname(vcov(m)), deviance = deviance(m), null_deviance = m$null.deviance, df_residual = m$df.residual,
    df_null = m$df.null, aic = AIC(m), bic = BIC(m), loglik = as.numeric(logLik(m)), lr_chisq = m$null.deviance -
      deviance(m), lr_p = pchisq(m$null.deviance - deviance(m), m$df.null - m$df.residual, lower.tail = FALSE),
    fully_converged = list(iterations = full$iter, deviance = deviance(full), coef = cf[, 1], se = cf[,
      2], z = cf[, 3], p = cf[, 4]), odds_ratio = exp(b), or_wald_lower = exp(b - z * c[, 2]),
    or_wald_upper = exp(b + z * c[, 2]), fitted_first10 = unname(fitted(m))[1:10],
      drop1_LRT = list(term = I(rownames(d1)),
      df = I(d1$Df), deviance = I(d1$Deviance), aic = I(d1$AIC), lrt = I(d1$LRT), p = I(d1[["Pr(>Chi)"]])),
    exact_profile_lower = exact[, 1], exact_profile_upper = exact[, 2], mass_profile_lower = mass[, 1],
      mass_profile_upper = mass[,
      2])
}
# Firth's fit from its definition, for logistf is not at hand: the largest penalised likelihood, the inverse information there,
# likelihood ratios and limits of the penalised profile.
firth <- function(formula, d) {
  x <- model.matrix(formula, d)
  y <- d[[all.vars(formula)[1]]]
  best <- maximum(x, y, c(qlogis(mean(y)), rep(0, ncol(x) - 1)), penalised = TRUE)
  se <- sqrt(diag(solve(best$information)))
  without <- sapply(seq_along(best$b), function(j) {
    b <- best$b
    b[j] <- 0
    maximum(x, y, b, seq_along(b)[-j], TRUE)$value
  })
  chisq <- 2 * (best$value - without)
  limits <- profile_limits(x, y, best$b, se, TRUE)
  limits[is.infinite(limits)] <- NA
  list(formula = deparse(formula), terms = colnames(x), coef = best$b, se = unname(se), penalized_loglik = best$value,
    loglik_unpenalized = maximum(x, y, best$b, integer())$value, profile_lower = limits[, 1], profile_upper = limits[,
      2], plr_chisq = chisq, plr_p = pchisq(chisq, 1, lower.tail = FALSE))
}
step_of <- function(start, upper, direction, d) {
  environment(start) <- environment(upper) <- environment()
  m <- stepAIC(glm(start, binomial, d), list(lower = ~1, upper = upper), direction = direction, trace = 0)
  a <- m$anova
  list(direction = direction, start = paste(deparse(start), collapse = ""), upper = paste(deparse(upper),
    collapse = ""), steps = I(trimws(as.character(a$Step))), aic = I(a$AIC), deviance = I(a[["Resid. Dev"]]),
    final_terms = I(attr(terms(m), "term.labels")), final_aic = AIC(m), final_coef_names = I(names(coef(m))),
    final_coef = I(unname(coef(m))))
}
train$poor <- as.integer(train$margin == "poor")
up <- ~age + signature + rival + hardness + sex
lo <- lm ~ 1
hi <- lm ~ age + signature + rival + hardness + sex
al <- glm(y ~ x + x_copy, binomial, transform(quasi, x_copy = 2 * x + 1))
save("logistic", results = list(cohort_training = list(input = "cohort.csv",
  note = "rows with cohort == training; poor = 1 if margin == poor",
  full = model(lm ~ signature + poor, train), margin = model(lm ~ poor, train), all = model(hi, train),
  firth = firth(lm ~ signature + poor, train), firth_all = firth(hi, train),
  step = list(backward = step_of(hi, up, "backward", train), both_from_full = step_of(hi, up, "both",
    train), forward = step_of(lo, up, "forward", train), both_from_null = step_of(lo, up, "both",
    train))), quasi_separated = list(input = "quasi_separated.csv", g_x = model(y ~ g + x, quasi), firth = firth(y ~ g + x, quasi)),
  separated = list(input = "separated.csv", x1 = model(y ~ x1, separated), firth_x1 = firth(y ~
  x1, separated)), aliased = list(coef_names = names(coef(al)),
    coef = unname(coef(al)), rank = al$rank, aic = AIC(al))))

# --- roc ------------------------------------------------------------------------------------------------------------
curve <- function(y, x, direction = "auto") {
  r <- roc(y, x, quiet = TRUE, direction = direction, levels = 0:1)
  v <- var(r)
  z <- (as.numeric(auc(r)) - 0.5)/sqrt(v)
  columns <- c("threshold", "specificity", "sensitivity", "accuracy", "tn", "tp", "fn", "fp", "npv",
    "ppv", "1-specificity", "youden", "closest.topleft")
  at <- function(m) {
    b <- coords(r, "best", best.method = m, ret = columns, transpose = FALSE)
    setNames(lapply(columns, function(c) I(b[[c]])), columns)
  }
  list(n_controls = length(r$controls), n_cases = length(r$cases), median_controls = median(r$controls),
    median_cases = median(r$cases), direction = r$direction, auc = as.numeric(auc(r)), delong_var = v,
    delong_se = sqrt(v), ci_auc_delong = as.numeric(ci.auc(r)), z_vs_half = z, p_vs_half_two_sided = 2 *
      pnorm(-abs(z)), best_youden = at("youden"), best_topleft = at("closest.topleft"),
        curve = list(thresholds = r$thresholds,
      sensitivities = r$sensitivities, specificities = r$specificities))
}
final <- glm(lm ~ signature + poor, binomial, train, control = list(epsilon = 1e-14))
cohort$poor <- as.integer(cohort$margin == "poor")
prob <- round(predict(final, cohort, type = "response"), 10)
pair <- function(y, a, b) {
  ra <- roc(y, a, quiet = TRUE, levels = 0:1)
  rb <- roc(y, b, quiet = TRUE, levels = 0:1)
  t <- roc.test(ra, rb, method = "delong")
  list(auc1 = as.numeric(auc(ra)), auc2 = as.numeric(auc(rb)), directions = c(ra$direction, rb$direction),
    z = unname(t$statistic), p = t$p.value, difference = as.numeric(auc(ra)) - as.numeric(auc(rb)),
    ci_difference = as.numeric(t$conf.int), cov = cov(ra, rb))
}
part <- function(r, b) list(specificity = b, raw = as.numeric(auc(r, partial.auc = rev(b))),
  corrected = as.numeric(auc(r,
  partial.auc = rev(b), partial.auc.correct = TRUE)))
beside <- function(y, x) {
  r <- roc(y, x, quiet = TRUE, levels = 0:1)
  set.seed(1)
  list(partial_auc = list(part(r, c(0.8, 1)), part(r, c(0.6, 0.9)), part(r, c(0.5, 0.85))), bootstrap = list(B = 200,
    seed = 1, ci = as.numeric(ci.auc(r, method = "bootstrap", boot.n = 200, progress = "none"))))
}
group <- function(c) {
  i <- cohort$cohort == c
  d <- cohort[i, ]
  list(signature = c(curve(d$lm, d$signature), beside(d$lm, d$signature)), margin = curve(d$lm, d$poor),
    rival = curve(d$lm, d$rival),
    nomogram = curve(d$lm, prob[i]), delong_paired = list(margin_vs_signature = pair(d$lm, d$poor,
      d$signature), signature_vs_nomogram = pair(d$lm, d$signature, prob[i]), signature_vs_rival = pair(d$lm,
      d$signature, d$rival)))
}
i <- cohort$cohort == "training"
ra <- roc(cohort$lm[i], prob[i], quiet = TRUE)
rb <- roc(cohort$lm[!i], prob[!i], quiet = TRUE)
t <- roc.test(ra, rb, method = "delong")
edge <- function(y, x) list(y = y, x = x, auto = curve(y, x))
save("roc", results = list(cohort = list(input = "cohort.csv", note = "poor = (margin == poor)",
  nomogram_coef = unname(coef(final)),
  nomogram_probability = unname(prob), training = group("training"), internal = group("internal"),
  delong_unpaired = list(training_vs_internal = list(auc1 = as.numeric(auc(ra)), auc2 = as.numeric(auc(rb)),
    D = unname(t$statistic), df = unname(t$parameter), p = t$p.value))), edge = list(inverted = edge(c(0,
  0, 0, 1, 1, 1), c(6, 5, 3, 4, 2, 1)), ties = edge(c(0, 0, 0, 0, 1, 1, 1), c(1, 2, 2, 3, 2, 3, 3)),
  equal_medians = edge(c(0, 0, 0, 1, 1, 1), c(1, 2, 9, 0, 2, 1)))))

# --- rms ------------------------------------------------------------------------------------------------------------
train <- cohort[i, ]
rownames(train) <- NULL
dd <- datadist(train)
dd$limits["Low:prediction", ] <- dd$limits["Low", ]
dd$limits["High:prediction", ] <- dd$limits["High", ]
options(datadist = "dd")
f0 <- lrm(lm ~ signature + margin, train, x = TRUE, y = TRUE)
f1 <- lrm(lm ~ signature + margin, train, x = TRUE, y = TRUE, eps = 1e-12)
mle <- glm(lm ~ signature + (margin == "well"), binomial, train, control = list(epsilon = 1e-14))
st <- function(f) as.list(f$stats)
lr <- mle$null.deviance - deviance(mle)
pm <- fitted(mle)
gmd <- function(v) {
  s <- sort(v)
  m <- length(s)
  4 * sum(s * (seq_len(m) - (m + 1)/2)/m)/(m - 1)
}
R <- roc(train$lm, pm, quiet = TRUE)
C <- as.numeric(auc(R))
exact <- list(n = 80, model_lr = lr, df = 2, p = pchisq(lr, 2, lower.tail = FALSE), C = C, Dxy = 2 *
  C - 1, R2_nagelkerke = (1 - exp(-lr/80))/(1 - exp(-mle$null.deviance/80)), brier = mean((pm - train$lm)^2),
  g = gmd(qlogis(pm)), gp = gmd(pm))
set.seed(31)
cal <- calibrate(f0, B = 40)
err <- attr(cal, "predicted")
q <- function(v) unname(quantile(v, 0.9))
corrected <- approx(cal[, "predy"], cal[, "calibrated.corrected"], err)$y
e <- abs(err - corrected)
e <- e[!is.na(e)]
hl <- function(p, y, g) {
  b <- unique(quantile(p, 0:g/g))
  k <- cut(p, b, include.lowest = TRUE)
  o <- tapply(y, k, sum)
  E <- tapply(p, k, sum)
  m <- tapply(y, k, length)
  X <- sum((o - E)^2/E + (o - E)^2/(m - E))
  list(g_requested = g, g_used = length(o), chisq = X, df = length(o) - 2, p = pchisq(X, length(o) -
    2, lower.tail = FALSE), breaks = unname(b), observed_1 = unname(o), expected_1 = unname(E), n_bin = unname(m))
}
agreement <- function(c) {
  k <- cohort$cohort == c
  p <- prob[k]
  y <- cohort$lm[k]
  z <- sum((y - p) * (1 - 2 * p))/sqrt(sum((1 - 2 * p)^2 * p * (1 - p)))
  r <- glm(y ~ qlogis(p), binomial, control = list(epsilon = 1e-14))
  l <- glm(y ~ offset(qlogis(p)), family = binomial, control = list(epsilon = 1e-14))
  s <- lowess(p, y, iter = 0)
  d <- abs(p - approx(s, xout = p, ties = mean)$y)
  U <- -2 * sum(y * log(p) + (1 - y) * log(1 - p)) - deviance(r)
  list(n = length(y), events = sum(y), brier = mean((p - y)^2), brier_scaled = 1 - mean((p - y)^2)/(mean(y) *
    (1 - mean(y))), spiegelhalter_z = z, spiegelhalter_p = 2 * pnorm(-abs(z)),
      calibration_intercept = unname(coef(r)[1]),
    calibration_slope = unname(coef(r)[2]), citl = unname(coef(l)), observed_expected = sum(y)/sum(p),
    U_chisq = U, hosmer_lemeshow = list(hl(p, y, 5), hl(p, y, 10)), lowess_iter0 = list(x = s$x,
      y = s$y), ici_lowess = mean(d), e50_lowess = median(d), e90_lowess = q(d), emax_lowess = max(d))
}
nom <- nomogram(f1, fun = plogis, maxscale = 100)
axis <- function(v) list(values = if (is.numeric(nom[[v]][[1]])) nom[[v]][[1]] else I(as.character(nom[[v]][[1]])),
  xbeta = nom[[v]]$Xbeta, points = nom[[v]]$points)
lx <- round(seq(0, 3, length = 25)^1.5, 2)
ly <- as.numeric((1:25 * 7)%%11 > 4)
save("rms", results = list(lrm = list(input = "cohort.csv", two = list(formula = "lm ~ signature + margin",
  terms = c("Intercept", "signature", "margin=well"), mle_coef = unname(coef(mle)),
    lrm_coef_default_eps = unname(coef(f0)),
  lrm_coef_eps_1e12 = unname(coef(f1)), lrm_se_eps_1e12 = unname(sqrt(diag(vcov(f1)))), stats_exact_at_mle = exact,
  lrm_stats_default = st(f0), lrm_stats_eps_1e12 = st(f1))),
    nomogram = list(signature_margin = list(formula = "lm ~ signature + margin",
  coef_names = c("Intercept", "signature", "margin=well"), coef = unname(coef(f1)),
    variables = list(signature = axis("signature"),
    margin = axis("margin")), range_xbeta = list(), total_points_axis = nom$total.points$x, risk_values = c(0.1,
    0.5, 0.9), maxscale = 100)), calibrate = list(input = c("cohort.csv", "boot_idx_40x80.csv"),
  rms_B40 = list(predy = unname(cal[, "predy"]), apparent = unname(cal[, "calibrated.orig"]), corrected = unname(cal[,
    "calibrated.corrected"]), n = unname(cal[, "n"]), errors = list(mean_abs_error = mean(e), mean_sq_error = mean(e^2),
    q90_abs_error = q(e)))), calibration = list(training = agreement("training"), internal = agreement("internal")),
  lowess = list(x = lx, y = ly, f_2_3_iter0 = lowess(lx, ly, iter = 0)$y, f_0.4_iter3 = lowess(lx,
    ly, f = 0.4)$y, f_2_3_iter0_delta0 = lowess(lx, ly, iter = 0, delta = 0)$y)))

# --- decision_curve: net benefit written out -----------------------------------------------------------------------
th <- seq(0, 1, by = 0.01)
benefit <- function(p, y, high) {
  tp <- sapply(th, function(t) sum(high(p, t) & y == 1))
  fp <- sapply(th, function(t) sum(high(p, t) & y == 0))
  list(tp = tp, fp = fp, net_benefit = tp/length(y) - ifelse(fp == 0, 0, fp/length(y) * th/(1 - th)))
}
decide <- function(p, y) list(n = length(y), events = sum(y), prevalence = mean(y), definition_gt = benefit(p,
  y, `>`), definition_ge = benefit(p, y, `>=`), treat_all_nb = mean(y) - (1 - mean(y)) * th/(1 - th))
margin <- round(fitted(glm(lm ~ poor, binomial, train)), 2)[match(cohort$poor, train$poor)]
of <- function(c) {
  k <- cohort$cohort == c
  list(nomogram = decide(prob[k], cohort$lm[k]), margin = decide(margin[k], cohort$lm[k]))
}
ci <- sapply(boot, function(b) benefit(prob[i][b], train$lm[b], `>`)$net_benefit)
save("decision_curve", results = list(thresholds = th, cohort = list(training = of("training"),
  internal = of("internal")),
  probabilities = list(nomogram = unname(prob), margin = unname(margin)), ties = c(list(p = c(0.1,
    0.2, 0.2, 0.3, 0.5, 0.5), y = c(0, 0, 1, 0, 1, 1)), decide(c(0.1, 0.2, 0.2, 0.3, 0.5, 0.5), c(0,
    0, 1, 0, 1, 1))), bootstrap_ci_training_nomogram = list(lower = apply(ci[1:100, ], 1, quantile,
    0.025, type = 1), upper = apply(ci[1:100, ], 1, quantile, 0.975, type = 1))))

# --- table1 ---------------------------------------------------------------------------------------------------------
number <- function(v, y) {
  a <- v[y == 1]
  b <- v[y == 0]
  both <- function(f) c(f(a), f(b))
  t <- function(e) {
    r <- t.test(a, b, var.equal = e)
    list(t = unname(r$statistic), df = unname(r$parameter), p = r$p.value, ci_difference = as.numeric(r$conf.int))
  }
  w <- wilcox.test(a, b)
  v <- var.test(a, b)
  shapiro <- function(x) {
    r <- shapiro.test(x)
    list(W = unname(r$statistic), p = r$p.value)
  }
  list(n = both(length), mean = both(mean), sd = both(sd), median = both(median),
    q1_type7 = unname(both(function(x) quantile(x,
    0.25))), q3_type7 = unname(both(function(x) quantile(x, 0.75))), min = both(min), max = both(max),
    welch = t(FALSE), student = t(TRUE), mann_whitney = list(W = unname(w$statistic), p = w$p.value,
      method = w$method), variance_ratio_F = list(F = unname(v$statistic), p = v$p.value), shapiro_cases = shapiro(a),
        shapiro_controls = shapiro(b))
}
counts <- function(m) {
  E <- suppressWarnings(chisq.test(m, correct = FALSE))
  o <- list(table = m, chisq = list(X2 = unname(E$statistic), df = unname(E$parameter), p = E$p.value,
    expected = unname(E$expected), min_expected = min(E$expected)))
  F <- fisher.test(m)
  o$fisher <- list(p = F$p.value)
  if (all(dim(m) == 2)) {
    Y <- chisq.test(m)
    o$chisq_yates <- list(X2 = unname(Y$statistic), df = 1, p = Y$p.value)
    o$fisher$p_greater <- fisher.test(m, alternative = "greater")$p.value
    o$fisher$p_less <- fisher.test(m, alternative = "less")$p.value
  }
  G <- 2 * sum(ifelse(m == 0, 0, m * log(m/E$expected)))
  o$lr_chisq <- list(G2 = G, df = unname(E$parameter), p = pchisq(G, E$parameter, lower.tail = FALSE))
  o
}
tab <- function(v, d) matrix(unclass(unname(table(d[[v]], d$lm))), ncol = 2)
save("table1", results = list(cohort = list(training = list(continuous = list(age = number(train$age,
  train$lm), signature = number(train$signature, train$lm)), categorical = list(margin = counts(tab("margin",
  train)), hardness = counts(tab("hardness", train)), sex = counts(tab("sex", train))))),
    tables = list(paper_margin_training = counts(matrix(c(30,
  17, 30, 5), 2)), zero_cell = counts(matrix(c(4, 0, 3, 6), 2)), r4x3 = counts(matrix(c(3, 1, 6, 5,
  2, 4, 1, 7, 2, 4, 3, 1), 4)))))

# --- idi_nri ------------------------------------------------------------------------------------------------------
categories <- function(p1, p2, y, cuts) {
  a <- findInterval(p1, cuts)
  b <- findInterval(p2, cuts)
  moves <- function(k) unclass(unname(table(factor(a[k], 0:length(cuts)), factor(b[k], 0:length(cuts)))))
  part <- function(k) {
    n <- sum(k)
    up <- sum(b[k] > a[k])/n
    down <- sum(b[k] < a[k])/n
    list(net = up - down, null = (up + down)/n, variance = (up + down)/n - (up - down)^2/n)
  }
  e <- part(y == 1)
  o <- part(y == 0)
  nri <- e$net - o$net
  se <- sqrt(e$variance + o$variance)
  z <- nri/sqrt(e$null + o$null)
  list(cuts = I(cuts), reclass_events = moves(y == 1), reclass_nonevents = moves(y == 0), nri = nri, nri_events = e$net,
    nri_nonevents = -o$net, se_null = sqrt(e$null + o$null), z_null = z, p_null = 2 * pnorm(-abs(z)),
      se_unrestricted = se,
    ci = nri + c(-1, 1) * qnorm(0.975) * se)
}
improved <- function(p1, p2, y) {
  h <- Hmisc::improveProb(p1, p2, y)
  d <- p2 - p1
  n <- c(sum(y == 1), sum(y == 0))
  v <- c(var(d[y == 1]), var(d[y == 0]))
  idi <- mean(d[y == 1]) - mean(d[y == 0])
  se <- sqrt(sum(v/n))
  list(p1 = p1, p2 = p2, y = y, hmisc = unclass(h)[setdiff(names(h), "call")], idi = idi, se_idi_n_minus_1 = se,
    se_idi_n = sqrt(sum(v *
    (n - 1)/n/n)), z_idi_n_minus_1 = idi/se, p_idi_n_minus_1 = 2 * pnorm(-abs(idi/se)), nri_cat_0.5 = categories(p1, p2,
    y, 0.5), nri_cat_0.3_0.6 = categories(p1, p2, y, c(0.3, 0.6)))
}
alone <- round(predict(glm(lm ~ signature, binomial, cohort[i, ]), cohort, type = "response"), 10)
both <- function(k) list(margin_to_nomogram = improved(unname(margin[k]), unname(prob[k]), cohort$lm[k]),
  signature_to_nomogram = improved(unname(alone[k]),
  unname(prob[k]), cohort$lm[k]))
save("idi_nri", results = list(training = both(i), internal = both(!i), ties = improved(c(0.1, 0.3, 0.3, 0.6, 0.5,
  0.2, 0.6,
  0.3), c(0.1, 0.3, 0.5, 0.6, 0.5, 0.3, 0.59, 0.3), c(0, 0, 1, 1, 1, 0, 1, 0))))

# --- validate: a model of three given features fitted again in every resample and in every fold ----------------------
set_of <- features[, c("f01", "f03", "f06")]
fit_on <- function(k) glm(y ~ ., binomial, data.frame(y = y, set_of)[k, ], control = list(epsilon = 1e-14, maxit = 100))
quality <- function(lp, k) {
  lp <- lp[k]
  e <- y[k]
  c(auc = mean(outer(lp[e == 1], lp[e == 0], function(a, b) (a > b) + (a == b)/2)), slope = unname(coef(glm(e ~ lp, binomial,
    control = list(epsilon = 1e-14, maxit = 100)))[2]), brier = mean((plogis(lp) - e)^2))
}
all_of <- seq_len(n)
whole <- predict(fit_on(all_of), set_of)
apparent <- quality(whole, all_of)
set.seed(9)
runs <- lapply(1:40, function(b) {
  k <- sample(n, replace = TRUE)
  lp <- predict(fit_on(k), set_of)
  list(resample = quality(lp, k), everyone = quality(lp, all_of), out = quality(lp, setdiff(all_of, k)))
})
optimism <- rowMeans(sapply(runs, function(r) r$resample - r$everyone))
outside <- sapply(runs, function(r) r$out)
out <- rowMeans(outside)
# Efron and Tibshirani 1997: the way to no information that is lost decides the weight of the out-of-bag quality.
plus <- function(name, none) {
  o <- if ((apparent[name] - none) * (out[name] - none) < 0)
    none
  else out[name]
  lost <- min(max((apparent[name] - o)/(apparent[name] - none), 0), 1)
  w <- 0.632/(1 - 0.368 * lost)
  unname((1 - w) * apparent[name] + w * o)
}
risk <- plogis(whole)
chance <- mean(mean(y) * (1 - risk)^2 + (1 - mean(y)) * risk^2)
set.seed(4)
crossed <- sapply(1:3, function(t) {
  fold <- (sample(n) - 1)%%6
  lp <- numeric(n)
  for (f in 0:5) lp[fold == f] <- predict(fit_on(fold != f), set_of[fold == f, ])
  pairs <- sapply(0:5, function(f) {
    d <- outer(lp[fold == f & y == 1], lp[fold == f & y == 0], function(a, b) (a > b) + (a == b)/2)
    c(sum(d), length(d))
  })
  q <- quality(lp, all_of)
  q["auc"] <- sum(pairs[1, ])/sum(pairs[2, ])
  q
})
save("validate", results = list(three = list(input = "features.csv", outcome = "lm", features = names(set_of), bootstrap = list(times = 40,
  seed = 9, apparent = as.list(apparent), optimism = as.list(optimism), out_of_bag = as.list(out[-2]), spread = as.list(apply(outside,
    1, sd)[-2]), plus = list(auc = plus("auc", 0.5), brier = plus("brier", chance))), cross_validation = list(times = 3, folds = 6,
  seed = 4, mean = as.list(rowMeans(crossed)), spread = as.list(apply(crossed, 1, sd))))))
