# Makes rising.json: rms' tables where lrm.fit meets a deviance that rises in a resample, halves its step, and either goes on or
# runs out of iterations and is left out; and where its criterion of a singular matrix differs between all patients and a resample.
# Usage: Rscript rising.R (in this folder).
suppressMessages({ library(rms); library(jsonlite) })
options(warn = -1)
quiet <- function(value) { capture.output(made <- force(value)); made }
fitted_to <- function(d, k) {
  f <- quiet(lrm.fit(cbind(d$x, d$z)[k, ], d$y[k], tol = 1e-12))
  # Its trace gives the length of each step beside the deviance.
  said <- capture.output(lrm.fit(cbind(d$x, d$z)[k, ], d$y[k], tol = 1e-12, trace = TRUE))
  step <- as.numeric(sapply(strsplit(trimws(sub("^ *\\[1\\]", "", said[grep("-2LL,Step", said) + 1])), " +"), `[`, 2))
  list(rows = k, halved = sum(step < 1), fail = f$fail, coef = unname(f$coefficients), deviance = f$deviance[2])
}
tables <- function(d, B, each) {
  f <- quiet(lrm(y ~ x + z, d, x = TRUE, y = TRUE))
  set.seed(1)
  v <- quiet(rms::validate(f, B = B))
  set.seed(1)
  curve <- quiet(rms::calibrate(f, B = B))
  n <- nrow(d)
  if (!each) return(list(data = d, B = B, used = list(validate = v[1, 6], calibrate = unname(curve[, "n"]))))
  set.seed(1)
  drawn <- lapply(seq_len(B), function(i) sample(n, replace = TRUE))
  fits <- Filter(function(f) f$halved > 0, lapply(drawn, function(k) fitted_to(d, k)))
  stopifnot(setequal(sapply(fits, function(f) f$fail), c(TRUE, FALSE)), v[1, 6] < B)
  list(data = d, B = B, fits = fits, table = setNames(lapply(rownames(v), function(r) unname(v[r, 1:6])), rownames(v)),
    curve = list(predicted = unname(curve[, "predy"]), corrected = unname(curve[, "calibrated.corrected"]), n = unname(curve[, "n"])))
}
# Found by trying seeds: 12 patients of whom one resample does the one and one the other.
set.seed(1797)
n <- 12
d <- data.frame(x = round(rt(n, 3), 1), z = round(rt(n, 3), 1))
d$y <- rbinom(n, 1, plogis(2 * d$x + d$z))
# A number far from 0 beside its spread: of all patients its column of the information matrix is left with just over 1e-7 of its length, of some resamples with less.
set.seed(2)
n <- 40
high <- data.frame(x = rnorm(n), z = round(rnorm(n), 1))
high$y <- rbinom(n, 1, plogis(high$x))
high$x <- round(1000 + high$x / sd(high$x), 2)
cat(toJSON(list(step = "rising", versions = list(R = as.character(getRversion()), rms = as.character(packageVersion("rms"))),
  cases = list(rising = tables(d, 13, TRUE), far_from_zero = tables(high, 30, FALSE))),
  dataframe = "columns", digits = NA, auto_unbox = TRUE), "\n", file = "rising.json")
