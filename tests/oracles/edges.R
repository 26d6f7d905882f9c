# Makes edges.json: where a definition changes over, which the larger cases do not reach. Usage: Rscript edges.R (in this folder).
options(digits = 17, warn = -1)
source("common.R")
set.seed(41)
# Shapiro and Wilk take other weights from 6 values on, and another distribution from 12 on and at 3.
shapiro <- lapply(c(3, 3, 4, 5, 6, 7, 10, 11, 12, 13), function(n) {
  x <- signif(if (n%%2) rexp(n) else rnorm(n), 4)
  t <- shapiro.test(x)
  list(x = x, W = unname(t$statistic), p = t$p.value)
})
# Tables as probable as the one seen, which rounding must not leave out.
tables <- lapply(list(c(3, 1, 1, 3), c(10, 4, 4, 10), c(7, 2, 3, 8), c(2, 1, 0, 1, 1, 1, 0, 1, 2), c(5, 2, 1, 2, 3, 2, 1, 2, 5)),
  function(v) {
    m <- matrix(v, sqrt(length(v)))
    list(table = m, fisher = list(p = fisher.test(m)$p.value))
  })
# More columns than two of a table, where the walk from column to column has most to foresee.
wide <- lapply(list(matrix(c(3, 0, 2, 5, 1, 4, 6, 2, 0, 3, 2, 7), 2), matrix(c(4, 1, 0, 0, 3, 2, 2, 2, 5, 1, 0, 3, 6, 1, 1), 3),
  matrix(c(1, 4, 2, 2, 0, 3, 5, 1, 1, 0, 2, 6, 3, 3), 2)), function(m) list(table = m, fisher = list(p = fisher.test(m,
  workspace = 2e7)$p.value)))
# A part of a curve below chance has no corrected area in pROC.
low <- pROC::roc(c(0, 0, 1, 0, 1, 0, 1, 0, 1, 1), c(9, 8, 1, 2, 3, 7, 8.5, 4, 2.5, 5), levels = 0:1, direction = "<")
parts <- lapply(list(c(0.8, 1), c(0, 0.5), c(0.3, 0.6)), function(b) list(specificity = b, raw = as.numeric(pROC::auc(low,
  partial.auc = rev(b))), corrected = as.numeric(pROC::auc(low, partial.auc = rev(b), partial.auc.correct = TRUE))))
# Cox and Snell's R-squared of two normal distributions of linear predictors, by adaptive quadrature.
r2 <- lapply(list(c(0.6, 0.5), c(0.75, 0.43), c(0.89, 0.174), c(0.95, 0.05)), function(v) {
  apart <- sqrt(2) * qnorm(v[1])
  logit <- function(x) qlogis(v[2]) + apart * x - apart^2/2
  f <- function(x) v[2] * dnorm(x, apart) * plogis(logit(x), log.p = TRUE) + (1 - v[2]) * dnorm(x) * plogis(-logit(x), log.p = TRUE)
  loglik <- integrate(f, -12, 12 + apart, rel.tol = 1e-13, subdivisions = 10000)$value
  list(c = v[1], prevalence = v[2], r2 = 1 - exp(-2 * (loglik - v[2] * log(v[2]) - (1 - v[2]) * log(1 - v[2]))))
})
writeLines(json(list(step = "edges", versions = list(R = as.character(getRversion())), results = list(shapiro = shapiro, tables = c(tables, wide),
  partial = list(score = low$predictor, outcome = low$response, parts = parts), r2_of_c = r2))), "edges.json")
