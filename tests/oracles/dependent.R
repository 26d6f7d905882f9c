# Makes dependent.json: columns that depend linearly on each other, in searches by AIC and BIC from orders of the terms, and in
# Firth's tests of whole terms; and profile limits where the outcome is separated, of the coefficients that have an estimate and of
# those that have none. Usage: Rscript dependent.R (in this folder).
options(digits = 17, warn = -1)
source("common.R")
set.seed(23)
n <- 80
x <- data.frame(a = round(rnorm(n), 3), b = round(rnorm(n), 3), c = round(rnorm(n), 3), noise = round(rnorm(n), 3))
x$twin <- 2 * x$a + 1
x$sum <- x$b + x$c
x$grade <- factor(sample(c("g1", "g2", "g3", "g4"), n, TRUE))
x$coarse <- factor(ifelse(x$grade %in% c("g1", "g2"), "low", "high"), c("low", "high"))
x$y <- rbinom(n, 1, plogis(-0.4 + 0.9 * x$a + 0.7 * x$sum - 0.5 * x$b + 0.9 * (x$coarse == "high")))
orders <- list(c("a", "b", "c", "noise", "twin", "sum", "grade", "coarse"), c("coarse", "sum", "twin", "noise", "grade", "c", "b",
  "a"), c("twin", "noise", "a"), c("noise", "c", "sum", "b"), c("coarse", "grade", "a"))
search <- function(terms, direction, from, k) {
  upper <- reformulate(terms, "y")
  first <- if (from == "full") upper else y ~ 1
  by <- function(f, ...) f(do.call(glm, list(first, quote(binomial), quote(x))), list(lower = ~1, upper = upper),
    direction = direction, trace = 0, k = k, ...)
  m <- by(MASS::stepAIC)
  s <- by(step)
  stopifnot(identical(as.character(m$anova$Step), as.character(s$anova$Step)), all.equal(coef(m), coef(s)))
  list(terms = terms, direction = direction, from = from, bic = k != 2, steps = I(as.character(m$anova$Step)), deviance =
    I(m$anova$`Resid. Dev`), aic = I(m$anova$AIC), coef_names = I(names(coef(m))), coef = I(unname(coef(m))))
}
how <- rbind(expand.grid(direction = c("both", "backward"), from = "full", k = c(2, log(n)), stringsAsFactors = FALSE),
  expand.grid(direction = c("both", "forward"), from = "empty", k = c(2, log(n)), stringsAsFactors = FALSE))
searches <- unlist(lapply(orders, function(o) lapply(seq_len(nrow(how)), function(i) search(o, how$direction[i], how$from[i], how$k[i]))),
  recursive = FALSE)
# Firth: what a term adds to the others, whose columns come first; the penalty is of all columns that do not depend on others.
adds <- function(terms, t) {
  part <- function(v) if (length(v)) model.matrix(reformulate(v), x) else matrix(1, n, 1)
  kept <- part(setdiff(terms, t))
  kept <- kept[, qr(kept)$pivot[seq_len(qr(kept)$rank)], drop = FALSE]
  all <- cbind(kept, part(t)[, -1, drop = FALSE])
  q <- qr(all, tol = 1e-09)
  all <- all[, sort(q$pivot[seq_len(q$rank)]), drop = FALSE]
  df <- ncol(all) - ncol(kept)
  b <- numeric(ncol(all))
  chi2 <- 2 * (maximum(all, x$y, b, penalised = TRUE)$value - maximum(all, x$y, b, seq_len(ncol(kept)), TRUE)$value)
  drop <- drop1(glm(reformulate(terms, "y"), binomial, x), test = "LRT")
  stopifnot(drop[t, "Df"] == df)
  list(term = t, df = df, firth_chi2 = if (df) chi2 else 0, firth_p = if (df) pchisq(chi2, df, lower.tail = FALSE) else NaN,
    ml_chi2 = if (df) drop[t, "LRT"] else 0, ml_p = if (df) drop[t, "Pr(>Chi)"] else NaN)
}
tests <- lapply(list(c("grade", "coarse"), c("coarse", "grade", "a"), c("a", "twin"), c("b", "sum", "c", "a"), c("a", "grade")),
  function(terms) list(terms = I(terms), each = lapply(terms, function(t) adds(terms, t))))
# A factor whose first level has no event, one of whose other levels has nothing but events; a number that separates all.
m <- 60
s <- data.frame(fold = factor(rep(1:5, m/5)), age = round(rnorm(m, 60, 10)), size = round(rnorm(m, 30, 8), 1), sex = rbinom(m, 1, 0.5),
  grade = factor(sample(c("g1", "g2", "g3"), m, TRUE, c(5, 4, 1))))
s$y <- rbinom(m, 1, plogis(-0.3 + 0.04 * (s$age - 60) + 0.6 * s$sex))
s$y[s$fold == 1] <- 0
s$y[s$grade == "g3"] <- 1
s$y[s$fold == 1 & s$grade == "g3"] <- 0
s$grade[s$fold == 1 & s$grade == "g3"] <- "g2"
s$line <- s$y * 3 + round(runif(m), 2)
# The deviance with one coefficient held, by glm itself: outwards from the estimate, each fit from the one before, until it has risen
# by the quantile of chi-square; without end where the linear predictor has moved by 100 beyond 0 and it has not.
limits <- function(terms) {
  X <- model.matrix(reformulate(terms), s)
  how <- glm.control(epsilon = 1e-13, maxit = 200)
  whole <- glm.fit(X, s$y, family = binomial(), control = how)
  se <- sqrt(diag(chol2inv(qr.R(whole$qr))))
  side <- function(j, sign) {
    eta <- whole$linear.predictors
    over <- function(t) {
      f <- glm.fit(X[, -j, drop = FALSE], s$y, offset = X[, j] * t, etastart = eta, family = binomial(), control = how)
      eta <<- f$linear.predictors
      f$deviance - whole$deviance - qchisq(0.95, 1)
    }
    range <- if (j == 1) 1 else diff(range(X[, j]))
    t <- whole$coefficients[j]
    h <- sign * min(se[j], 2/range)/2
    for (i in 1:ceiling((100/range + 2 * abs(t))/abs(h))) {
      if (over(t + h) > 0)
        return(uniroot(over, sort(c(t, t + h)), tol = 1e-13, maxiter = 1000)$root)
      t <- t + h
    }
    sign * Inf
  }
  list(terms = I(terms), coef_names = I(colnames(X)), lower = I(sapply(seq_len(ncol(X)), side, -1)), upper = I(sapply(seq_len(ncol(X)),
    side, 1)))
}
profiles <- lapply(list(c("age", "fold"), c("age", "size", "sex", "grade", "fold"), c("fold", "grade"), "line", c("age",
  "size", "sex")), limits)
writeLines(json(list(step = "dependent", versions = list(R = as.character(getRversion()), MASS = as.character(packageVersion("MASS"))),
  results = list(columns = lapply(x, function(v) if (is.factor(v)) as.character(v) else v), searches = searches, tests = tests,
    separated = lapply(s, function(v) if (is.factor(v)) as.character(v) else v), profiles = profiles))), "dependent.json")
