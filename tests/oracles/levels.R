# Makes levels.csv and levels.json: a factor that is coded by numbers, its coefficients and the likelihood ratio tests of each term
# and of the whole model. Usage: Rscript levels.R (in this folder).
library(jsonlite)
set.seed(14)
n <- 90
d <- data.frame(ID = sprintf("P%02d", 1:n), role = rep(c("train", "external"), c(70, 20)), age = round(rnorm(n, 60, 9)),
  grade = sample(c(1, 2, 10), n, TRUE))
d$y <- rbinom(n, 1, plogis(-2 + 0.03 * (d$age - 60) + 1.4 * (d$grade == 2) + 2.2 * (d$grade == 10)))
d$age[c(5, 33)] <- NA
write.csv(d, "levels.csv", row.names = FALSE, quote = FALSE, na = "")
d <- subset(read.csv("levels.csv"), role == "train" & !is.na(age))
f <- glm(y ~ age + factor(grade), binomial, d)
each <- drop1(f, test = "LRT")
whole <- anova(glm(y ~ 1, binomial, d), f, test = "LRT")
cat(toJSON(list(step = "levels", coef = unname(coef(f)), se = unname(sqrt(diag(vcov(f)))), levels = levels(factor(d$grade)),
  n = nrow(d), per_sd = unname(exp(coef(glm(y ~ age, binomial, d))[2] * sd(d$age))), each = list(chi2 = each$LRT[-1], df = each$Df[-1], p = each$`Pr(>Chi)`[-1]),
  whole = list(chi2 = whole$Deviance[2], df = whole$Df[2], p = whole$`Pr(>Chi)`[2])), digits = NA, auto_unbox = TRUE), "\n",
  file = "levels.json")
