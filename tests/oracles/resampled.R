# Makes resampled.json and refitted.csv: models made anew in every resample by Firth's penalised likelihood and with clinical
# terms chosen by their own p, and the bands about calibration curves. Usage: Rscript resampled.R (in this folder), after make.R.
options(digits = 17, warn = -1)
source("common.R")

# Two features, four numbers and a factor of three levels, which stand for clinical variables.
d <- read.csv("features.csv")
grade <- cut(rank(d$f13 + c(0, 3, 6) * sd(d$f13)), 3, labels = FALSE)
table <- data.frame(lm = d$lm, f03 = d$f03, f17 = d$f17, a = d$f05, b = d$f07, c = d$f10, d = d$f19, grade2 = as.numeric(grade == 2),
  grade3 = as.numeric(grade == 3))
write.csv(table, "refitted.csv", row.names = FALSE, quote = FALSE)
table <- read.csv("refitted.csv")
y <- table$lm
n <- length(y)
all_of <- seq_len(n)
terms <- list("a", "b", "c", "d", c("grade2", "grade3"))

plain <- function(k, columns) glm(y[k] ~ ., binomial, table[k, columns, drop = FALSE])
penalised <- function(x, k) maximum(cbind(1, x)[k, , drop = FALSE], y[k], rep(0, ncol(x) + 1), penalised = TRUE)
# A term alone: Wald's p of one column, the likelihood ratio's of several; by Firth's fit the penalised ratio's.
alone <- function(k, columns, firth) {
  if (firth) {
    x <- as.matrix(table[, columns, drop = FALSE])
    best <- penalised(x, k)
    without <- maximum(cbind(1, x)[k, ], y[k], rep(0, ncol(x) + 1), 1, TRUE)
    return(pchisq(2 * (best$value - without$value), length(columns), lower.tail = FALSE))
  }
  f <- plain(k, columns)
  if (length(columns) == 1)
    coef(summary(f))[2, 4]
  else pchisq(f$null.deviance - deviance(f), length(columns), lower.tail = FALSE)
}
# The linear predictor of everyone by the model made on k: features by maximum likelihood, then the last model; `below` is none
# where all terms enter.
made <- function(k, features, firth, below, by_firth) {
  entered <- if (is.null(below))
    rep(TRUE, length(terms))
  else vapply(terms, function(t) alone(k, t, by_firth), 0) < below
  score <- predict(plain(k, features), table)
  x <- cbind(score, as.matrix(table[, unlist(terms[entered]), drop = FALSE]))
  b <- if (firth)
    penalised(x, k)$b
  else coef(glm(y[k] ~ x[k, ], binomial))
  list(lp = as.vector(cbind(1, x) %*% b), entered = entered)
}
quality <- function(lp, k) {
  e <- y[k]
  lp <- lp[k]
  c(auc = mean(outer(lp[e == 1], lp[e == 0], function(a, b) (a > b) + (a == b)/2)), slope = unname(coef(glm(e ~ lp, binomial))[2]),
    brier = mean((plogis(lp) - e)^2))
}
# Efron and Tibshirani 1997.
plus <- function(apparent, out, none) {
  o <- if ((apparent - none) * (out - none) < 0)
    none
  else out
  lost <- min(max((apparent - o)/(apparent - none), 0), 1)
  w <- 0.632/(1 - 0.368 * lost)
  (1 - w) * apparent + w * o
}
# DeLong's variance of placements that are means over the resamples which leave both patients out.
spread <- function(runs) {
  won <- met <- matrix(0, sum(y == 1), sum(y == 0))
  for (r in runs) {
    m <- outer(r$left[y == 1], r$left[y == 0], "&")
    met <- met + m
    won <- won + m * outer(r$lp[y == 1], r$lp[y == 0], function(a, b) (a > b) + (a == b)/2)
  }
  share <- ifelse(met > 0, won/met, NA)
  sqrt(var(rowMeans(share, na.rm = TRUE))/nrow(share) + var(colMeans(share, na.rm = TRUE))/ncol(share))
}
resampled <- function(firth, below = NULL, by_firth = FALSE, features = c("f03", "f17")) {
  whole <- made(all_of, features, firth, below, by_firth)
  apparent <- quality(whole$lp, all_of)
  set.seed(21)
  runs <- lapply(1:50, function(i) {
    k <- sample(n, replace = TRUE)
    m <- made(k, features, firth, below, by_firth)
    # Sums of few different columns tie but for rounding.
    m$lp <- round(m$lp, 10)
    stopifnot(max(abs(m$lp[k])) < 15)
    list(optimism = quality(m$lp, k) - quality(m$lp, all_of), out = quality(m$lp, setdiff(all_of, k)), entered = m$entered,
      lp = m$lp, left = !(all_of %in% k))
  })
  out <- sapply(runs, function(r) r$out)
  out_mean <- rowMeans(out)
  risk <- plogis(whole$lp)
  chance <- mean(mean(y) * (1 - risk)^2 + (1 - mean(y)) * risk^2)
  list(features = features, firth = firth, below = if (is.null(below)) NA else below, by_firth = by_firth, times = 50, seed = 21,
    apparent = as.list(apparent), optimism = as.list(rowMeans(sapply(runs, function(r) r$optimism))),
    out_of_bag = as.list(replace(out_mean, 2, median(out[2, ]))), error = spread(runs), plus = list(auc = plus(apparent[[1]], out_mean[[1]],
      0.5), brier = plus(apparent[[3]], out_mean[[3]], chance)), whole = whole$entered, entered = rowSums(sapply(runs, function(r) r$entered)))
}

# Calibration curves of given risks in given resamples: lowess and the logistic line, at 50 evenly spaced predictions.
cohort <- read.csv("cohort.csv", stringsAsFactors = TRUE)
train <- cohort[cohort$cohort == "training", ]
p <- round(fitted(glm(lm ~ signature + margin, binomial, train)), 10)
rows <- lapply(strsplit(readLines("boot_idx_40x80.csv"), ","), as.integer)
at <- seq(min(p), max(p), length = 50)
curves <- lapply(rows, function(k) {
  line <- glm(train$lm[k] ~ qlogis(p[k]), binomial, control = list(epsilon = 1e-14, maxit = 100))
  list(smooth = approx(lowess(p[k], train$lm[k], iter = 0), xout = at, ties = mean)$y, logistic = plogis(coef(line)[1] + coef(line)[2] *
    qlogis(at)))
})
limits <- function(which) {
  values <- sapply(curves, function(c) c[[which]])
  side <- function(q) apply(values, 1, function(v) if (2 * sum(!is.na(v)) < length(v))
    NA
  else quantile(v, q, na.rm = TRUE))
  list(lower = unname(side(0.025)), upper = unname(side(0.975)))
}

writeLines(json(list(step = "resampled", versions = list(R = as.character(getRversion())), results = list(refitted = list(input = "refitted.csv",
  outcome = "lm", terms = lapply(terms, I), models = list(firth = resampled(TRUE), chosen = resampled(FALSE,
    0.3), firth_chosen = resampled(TRUE, 0.3, TRUE), tied = resampled(TRUE, 0, TRUE, c("grade2", "grade3")), useless = resampled(TRUE,
    0, TRUE, "b"))), band = list(input = c("cohort.csv", "boot_idx_40x80.csv"),
  risk = unname(p), predicted = at, smooth = limits("smooth"), logistic = limits("logistic"))))), "resampled.json")
