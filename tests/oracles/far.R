# Makes far.json: rms' table of predictors far out, and data of which rms has no table. Usage: Rscript far.R (in this folder).
suppressMessages({ library(rms); library(jsonlite) })
options(warn = -1)
table_of <- function(d, B) {
  invisible(capture.output(f <- lrm(y ~ x + z, d, x = TRUE, y = TRUE)))
  if (isTRUE(f$fail)) return(list(fail = TRUE))
  set.seed(1)
  invisible(capture.output(v <- rms::validate(f, B = B)))
  set.seed(1)
  far <- sum(replicate(B, {
    k <- sample(nrow(d), replace = TRUE)
    invisible(capture.output(g <- try(lrm.fit(cbind(d$x, d$z)[k, ], d$y[k]), silent = TRUE)))
    !inherits(g, "try-error") && !isTRUE(g$fail) && max(abs(g$coef[1] + cbind(d$x, d$z) %*% g$coef[-1])) > 36.04
  }))
  list(fail = FALSE, beyond_36 = far, table = setNames(lapply(rownames(v), function(r) unname(v[r, 1:6])), rownames(v)))
}
set.seed(20)
n <- 60
d <- data.frame(x = round(rnorm(n), 3), z = round(rnorm(n), 3))
d$y <- rbinom(n, 1, plogis(1.2 * d$x + 0.5 * d$z))
far <- rbind(d, data.frame(x = c(45, 38), z = 0, y = c(0, 0)))
# Two close clouds far from each other: the outcome is told exactly, and lrm does not converge.
apart <- data.frame(x = d$x, z = d$x + round(rnorm(n) / 50, 3))
apart$y <- as.numeric(apart$x > 0)
cat(toJSON(list(step = "far", B = 100, cases = list(
  far = c(list(data = far), table_of(far, 100)),
  apart = c(list(data = apart), table_of(apart, 100))
)), dataframe = "columns", digits = NA, auto_unbox = TRUE), "\n", file = "far.json")
