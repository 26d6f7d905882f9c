# Makes chain.json: what R says at the end of whole notebooks on one simulated cohort (chain.csv, chain_features.csv).
# Usage: Rscript chain.R (in this folder), after make.R. R 4.2.2, MASS 7.3-58.2, rms 6.5-0, Hmisc 4.8-0, pROC 1.18.0.
suppressMessages({
  library(MASS)
  library(rms)
  library(pROC)
})
options(digits = 17, warn = -1)
source("common.R")

set.seed(20251125)
n <- 130
role <- rep(c("training", "external"), c(85, 45))
met <- rbinom(n, 1, 0.4)
x <- matrix(rnorm(n * 6), n)
x[, 1] <- x[, 1] + 0.9 * met
x[, 4] <- x[, 4] - 0.7 * met
x[, 5] <- x[, 5] + 0.5 * met
x <- signif(x %*% diag(c(1, 100, 0.01, 5, 1000, 3)), 8)
colnames(x) <- sprintf("original_firstorder_F%d", 1:6)
grade <- c("G1", "G2", "G3")[1 + rbinom(n, 2, plogis(0.9 * met - 0.4))]
margin <- ifelse(runif(n) < 0.35 + 0.35 * met, "poor", "well")
# A level that no training patient has, in the middle of the alphabet and at its head.
site <- sample(c("east", "west"), n, TRUE)
site[role == "external"][c(3, 9, 20)] <- "north"
hand <- sample(c("left", "right"), n, TRUE)
hand[role == "external"][c(2, 30)] <- "both"
cohort <- data.frame(ID = sprintf("P%03d", 1:n), met, role, grade, margin, site, hand)
write.csv(cohort, "chain.csv", row.names = FALSE, quote = FALSE)
write.csv(data.frame(ID = cohort$ID, x), "chain_features.csv", row.names = FALSE, quote = FALSE)

t <- role == "training"
z <- scale(x[t, ])
d <- data.frame(met = met[t], z, grade = factor(grade[t]), margin = factor(margin[t]), site = factor(site[t]), hand = factor(hand[t]))
search <- stepAIC(glm(reformulate(colnames(x), "met"), binomial, d), direction = "both", trace = 0)
chosen <- attr(terms(search), "term.labels")
every <- data.frame(scale(x, attr(z, "scaled:center"), attr(z, "scaled:scale")))
signature <- unname(predict(search, every))
d$signature <- signature[t]

indexes <- function(f) {
  set.seed(1)
  v <- validate(f, B = 200)
  v <- v[, 1:5]
  setNames(lapply(rownames(v), function(i) setNames(as.list(unname(v[i, ])), c("original", "training", "test", "optimism",
    "corrected"))), rownames(v))
}
curve <- function(f) {
  set.seed(1)
  v <- calibrate(f, B = 200)
  list(predicted = unname(v[, "predy"]), corrected = unname(v[, "calibrated.corrected"]))
}
judged <- function(formula) {
  f <- lrm(formula, d, x = TRUE, y = TRUE)
  list(validated = indexes(f), corrected = curve(f))
}
area <- function(y, s) as.numeric(auc(roc(y, s, quiet = TRUE, direction = "<", levels = 0:1)))
nomogram <- glm(met ~ signature + margin + grade, binomial, d)
p1 <- plogis(signature)[t]
p2 <- unname(fitted(nomogram))
moves <- improveProb(p1, p2, met[t])
both <- glm(met ~ margin + grade, binomial, d)
ends <- function(term) drop1(both, test = "LRT")[term, "Pr(>Chi)"]
coefficients <- function(f) list(term = names(coef(f)), coef = unname(coef(f)))
# At the maximum: hatvalues takes the weights of the step before glm stopped.
leverage <- function(f) unname(hatvalues(update(f, control = list(epsilon = 1e-14))))
level <- glm(met ~ signature + site + hand, binomial, d)
results <- list(
  signature = c(list(feature = chosen, coef = unname(coef(search)[-1])), judged(reformulate(chosen, "met"))),
  nomogram = c(coefficients(nomogram), judged(met ~ signature + margin + grade), list(leverage = leverage(nomogram),
    auc = area(met[t], p2))),
  signature_leverage = leverage(search),
  reclassified = list(z = moves$z.nri, p = 2 * pnorm(-abs(moves$z.nri)), idi_z = moves$z.idi),
  clinical = c(coefficients(both), list(grade_p = ends("grade"), margin_p = ends("margin"))),
  unseen = coefficients(level))
versions <- list(R = as.character(getRversion()), MASS = "7.3-58.2", rms = "6.5-0", Hmisc = "4.8.0", pROC = "1.18.0")
writeLines(json(list(step = "chain", versions = versions, results = results)), "chain.json")
