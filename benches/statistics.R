# R's times beside `cargo bench --bench lasso`: Rscript benches/statistics.R. Medians of five runs, one thread.
suppressMessages(library(glmnet))
median_ms <- function(run) 1e3 * median(replicate(5, system.time(run())[["elapsed"]]))
set.seed(1)
n <- 82
y <- as.integer((seq_len(n) - 1) %% 7 < 3)
for (p in c(300, 1967)) {
  x <- matrix(rnorm(n * p), n)
  for (j in seq_len(p)) {
    x[, j] <- if (j %% 20 == 1) x[, j] + (j %% 60 == 1) * 0.7 * y else 0.85 * x[, j - 1] + 0.5268 * x[, j]
  }
  set.seed(1)
  folds <- sample(rep(1:10, length.out = n))
  for (thresh in c(1e-7, 1e-12)) {
    ms <- median_ms(function() cv.glmnet(x, y, family = "binomial", foldid = folds, thresh = thresh, maxit = 1e7))
    cat(sprintf("82 x %d, cv.glmnet, thresh %g: %.0f ms\n", p, thresh, ms))
  }
}
