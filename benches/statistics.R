# R's side of `benches/statistics.sh`: the analyses as published radiomics does them, on the tables in FOLDER.
#   Rscript statistics.R run FOLDER r.tsv          adds one time of each analysis, and a number to compare
#   Rscript statistics.R table r.tsv radnote.tsv   medians over the runs, and their ratios
arguments <- commandArgs(TRUE)

table_of <- function(r, ours) {
  r <- read.delim(r, header = FALSE, col.names = c("task", "seconds", "value"))
  ours <- read.delim(ours, header = FALSE, col.names = c("task", "seconds", "one", "value"))
  shown <- function(s) ifelse(s >= 1, sprintf("%.2f s", s), sprintf("%.3g ms", 1e3 * s))
  cat("| | R | radnote | one thread | R / radnote | same to |\n|---|---|---|---|---|---|\n")
  for (task in unique(r$task)) {
    a <- r[r$task == task, ]
    b <- ours[ours$task == task, ]
    runs <- seq_len(min(nrow(a), nrow(b)))
    apart <- max(abs(a$value[runs] - b$value[runs]) / abs(a$value[runs]))
    ratio <- median(a$seconds[runs] / b$seconds[runs])
    cat(sprintf("| %s | %s | %s | %s | %.0f | %.0e |\n", task, shown(median(a$seconds)), shown(median(b$seconds)),
                shown(median(b$one)), ratio, apart))
  }
}

if (arguments[1] == "table") {
  table_of(arguments[2], arguments[3])
  quit()
}

suppressMessages({ library(glmnet); library(MASS); library(pROC); library(rms) })
folder <- arguments[2]
clinical <- read.csv(file.path(folder, "clinical.csv"))
train <- clinical$role == "train"
y <- clinical$event[train]
margin <- clinical$margin[train]
x <- as.matrix(read.csv(file.path(folder, "features.csv"))[train, -1])
again <- read.csv(file.path(folder, "features_reader2.csv"))
second <- as.matrix(again[again$ID %in% clinical$ID[train], -1])
first <- x[match(again$ID[again$ID %in% clinical$ID[train]], clinical$ID[train]), ]
n <- length(y)
set.seed(1)
folds <- sample(rep(1:10, length.out = n))

# ICC(2,1) of every feature from the analysis of variance of aov.
subject <- factor(rep(seq_len(nrow(first)), 2))
reader <- factor(rep(1:2, each = nrow(first)))
icc <- function(j) {
  squares <- summary(aov(c(first[, j], second[, j]) ~ subject + reader))[[1]][["Mean Sq"]]
  (squares[1] - squares[3]) / (squares[1] + squares[3] + 2 * (squares[2] - squares[3]) / nrow(first))
}
# The same for all features at once, by sums over rows and columns.
icc_at_once <- function() {
  k <- 2
  rows <- nrow(first)
  mean <- (first + second) / k
  grand <- colMeans(mean)
  between <- k * colSums(sweep(mean, 2, grand)^2) / (rows - 1)
  readers <- rows * ((colMeans(first) - grand)^2 + (colMeans(second) - grand)^2)
  total <- colSums(sweep(first, 2, grand)^2) + colSums(sweep(second, 2, grand)^2)
  error <- (total - between * (rows - 1) - readers) / (rows - 1)
  (between - error) / (between + error + k * (readers - error) / rows)
}
mann_whitney <- function(columns) {
  vapply(columns, function(j) wilcox.test(x[y == 1, j], x[y == 0, j])$p.value, 0)
}
lasso <- function(x, thresh) {
  cv.glmnet(x, y, family = "binomial", foldid = folds, thresh = thresh, maxit = 1e7)$lambda.min
}
discriminate <- function(a, b) {
  one <- roc(y, a, direction = "<", quiet = TRUE)
  other <- roc(y, b, direction = "<", quiet = TRUE)
  sum(ci.auc(one)) + sum(ci.auc(other)) + roc.test(one, other, method = "delong")$p.value
}
searched <- function(columns) {
  table <- data.frame(y = y, scale(x[, columns, drop = FALSE]))
  stepAIC(glm(y ~ ., binomial, table), direction = "both", trace = 0)
}
ranges <- NULL
model <- function(signature) {
  both <- data.frame(y = y, signature = signature, margin = margin)
  ranges <<- datadist(both)
  options(datadist = "ranges")
  lrm(y ~ signature + margin, both, x = TRUE, y = TRUE)
}
calibrated <- function(fit) {
  set.seed(1)
  sum(calibrate(fit, B = 1000)[, "calibrated.corrected"])
}
# dcurves' definition, with the limits of rmda: quantiles of type 1 over resamples.
benefit <- function(risk, y) {
  vapply(0:99 / 100, function(t) {
    high <- risk >= t
    mean(high & y == 1) - mean(high & y == 0) * t / (1 - t)
  }, 0)
}
decided <- function(risk) {
  set.seed(1)
  resampled <- replicate(500, { rows <- sample(n, replace = TRUE); benefit(risk[rows], y[rows]) })
  limits <- apply(resampled, 1, quantile, c(0.025, 0.975), type = 1)
  sum(benefit(risk, y)) + sum(limits)
}
# The lasso's first four features or more: about one for ten events. At the least loss they separate 82 patients.
chain <- function() {
  agreed <- which(vapply(seq_len(ncol(x)), icc, 0) > 0.85)
  screened <- agreed[mann_whitney(agreed) < 0.05]
  lasso <- cv.glmnet(scale(x[, screened]), y, family = "binomial", foldid = folds)
  path <- lasso$glmnet.fit
  chosen <- screened[path$beta[, which(path$df > 3)[1]] != 0]
  signature <- predict(searched(chosen))
  fit <- model(signature)
  nomogram(fit, fun = plogis)
  risk <- plogis(fit$linear.predictors)
  discriminate(signature, fit$linear.predictors) + calibrated(fit) + decided(risk)
}

ten <- 60 * (0:9) + rep(c(1, 7), 5)
score <- rowMeans(x[, ten[1:2]])
fit <- model(score)
risk <- plogis(fit$linear.predictors)
analyses <- list(
  "ICC(2,1) of 1967 features, 30 x 2 (aov)" = function() sum(vapply(seq_len(ncol(x)), icc, 0)),
  "the same by column sums of matrices" = function() sum(icc_at_once()),
  "Mann-Whitney of 1967 features, exact" = function() sum(mann_whitney(seq_len(ncol(x)))),
  "cross-validated lasso, 82 x 1967, 10 folds (cv.glmnet)" = function() lasso(x, 1e-7),
  "the same, threshold 1e-12" = function() lasso(x, 1e-12),
  "the same, 82 x 300" = function() lasso(x[, 1:300], 1e-7),
  "the same, 82 x 300, threshold 1e-12" = function() lasso(x[, 1:300], 1e-12),
  "AIC from 10 features, both directions (stepAIC)" = function() AIC(searched(ten)),
  "two ROC curves, intervals and test by DeLong (pROC)" = function() discriminate(score, x[, ten[3]]),
  "calibration, 1000 resamples (rms)" = function() calibrated(fit),
  "validation, 1000 resamples (rms)" = function() { set.seed(1); validate(fit, B = 1000)["Dxy", "index.corrected"] },
  "decision curve of 100 thresholds, 500 resamples" = function() decided(risk),
  "the whole chain" = chain
)
for (task in names(analyses)) {
  run <- analyses[[task]]
  # Short ones several times: their first run loads code.
  start <- proc.time()[["elapsed"]]
  value <- run()
  seconds <- proc.time()[["elapsed"]] - start
  if (seconds < 0.2) {
    times <- max(3, ceiling(0.2 / max(seconds, 1e-3)))
    seconds <- system.time(for (i in seq_len(times)) run())[["elapsed"]] / times
  }
  cat(sprintf("%s\t%.6g\t%.15g\n", task, seconds, value), file = arguments[3], append = TRUE)
}
