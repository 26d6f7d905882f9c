# Makes firth.json: logistf's fits of small data whose outcome is separated, and of data beside them whose is not. Its values are NA
# where it stops short: of the maximum (its likelihood is then lower), of a limit (its iterations run out), or at a limit of a peak
# of the profile that is not the highest, which is looked for from several starts. Its standard errors are those of its augmented
# data; those here are of the information. Usage: Rscript firth.R (in this folder).
options(warn = -1)
suppressMessages(library(logistf))
source("common.R")
control <- logistf.control(maxit = 10000, maxstep = 1, lconv = 1e-11, gconv = 1e-10, xconv = 1e-10)
walk <- logistpl.control(maxit = 10000, maxstep = 1, lconv = 1e-11, xconv = 1e-9)
# Whether no peak of the profile is higher where coefficient j is v than it should be at a limit.
highest <- function(x, y, best, j, v) {
  covariance <- solve(best$information)
  along <- (v - best$b[j]) * covariance[, j]/covariance[j, j]
  peak <- function(s) tryCatch(maximum(x, y, replace(s, j, v), seq_along(s)[-j], TRUE), error = function(e) list(b = s, value = -Inf))
  first <- lapply(list(best$b, best$b + along, best$b * v/best$b[j], best$b * 2), peak)
  beside <- if (j > 1) lapply(c(-4, 4), function(s) peak(replace(first[[2]]$b, 1, first[[2]]$b[1] + s)))
  # Where separation leads several coefficients grow together: all doubled, and one moved in units of its column.
  aside <- function(k, s) {
    by <- s/c(1, apply(x, 2, sd)[-1])[k]
    b <- replace(2 * first[[1]]$b, k, 2 * first[[1]]$b[k] + by)
    peak(replace(b, 1, b[1] - if (k > 1) by * mean(x[, k]) else 0))
  }
  beside <- c(beside, unlist(lapply(setdiff(seq_along(best$b), j), function(k) lapply(c(-8, -4, 4, 8), function(s) aside(k, s))), FALSE))
  peaks <- sapply(c(first, beside), `[[`, "value")
  abs(2 * (best$value - max(peaks)) - qchisq(0.95, 1)) < 1e-06
}
fitted_to <- function(d, separated) {
  f <- logistf(y ~ ., d, control = control, plcontrol = walk)
  x <- model.matrix(y ~ ., d)
  best <- maximum(x, d$y, f$coefficients * 0, penalised = TRUE)
  whole <- abs(f$loglik["full"] - best$value) < 1e-08
  known <- function(v, where = rep(TRUE, length(v))) I(unname(ifelse(whole & where, v, NA)))
  found <- function(limits, side) known(limits, sapply(seq_along(limits), function(j) whole && f$pl.iter[j, side] < walk$maxit && highest(x,
    d$y, best, j, limits[j])))
  list(separated = separated, data = as.list(d), coef = known(f$coefficients), p = known(f$prob), penalised = if (whole) unname(f$loglik["full"]) else NA,
    se = unname(sqrt(diag(solve(best$information)))), lower = found(f$ci.lower, "Lower"), upper = found(f$ci.upper, "Upper"))
}
# Separated: the linear predictors of R's glm still grow.
separated <- function(d) {
  after <- function(steps) glm(y ~ ., binomial, d, control = glm.control(epsilon = 1e-300, maxit = steps))$linear.predictors
  max(abs(after(24) - after(23))) > 0.1
}
set.seed(11)
cases <- list()
while (length(cases) < 20) {
  wanted <- length(cases)%%2 == 0
  n <- sample(12:40, 1)
  d <- data.frame(a = round(rnorm(n), 2), b = rbinom(n, 1, 0.3))
  if (length(cases)%%3 > 0)
    d$c <- round(rexp(n), 2)
  d$y <- as.numeric(2 * d$a + 2 * d$b + rnorm(n, sd = if (wanted) 0.4 else 1) > 0.3)
  if (min(sum(d$y), sum(1 - d$y)) < 3 || length(unique(d$b)) < 2 || separated(d) != wanted)
    next
  # Not separated, but no more than a fifth of one kind stand between.
  if (!wanted && min(mean(d$b[d$y == 1]), mean(1 - d$b[d$y == 1]), mean(d$b[d$y == 0])) > 0.2)
    next
  cases <- c(cases, list(fitted_to(d, wanted)))
}
writeLines(json(list(step = "firth", versions = list(R = as.character(getRversion()), logistf = as.character(packageVersion("logistf"))),
  cases = cases)), "firth.json")
