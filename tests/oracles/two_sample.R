# Makes two_sample.json and its table: Welch's, Student's and the Smirnov test of R. Usage: Rscript two_sample.R (here).
options(digits = 17, warn = -1)
set.seed(77)
table <- read.csv("features.csv")
table <- table[c("lm", sprintf("f%02d", c(1, 3, 5, 7, 8, 21)))]
table$holes <- replace(table$f01, c(2, 11, 30), NA)
table$coarse <- round(table$f05 / sd(table$f05))
write.csv(table, "two_sample.csv", row.names = FALSE, quote = FALSE, na = "")
large <- data.frame(lm = rep(0:1, c(130, 120)))
large$far <- signif(rnorm(250) + 0.3 * large$lm, 6)
large$near <- signif(rnorm(250), 6)
large$tied <- round(rnorm(250) + 0.2 * large$lm, 1)
write.csv(large, "two_sample_large.csv", row.names = FALSE, quote = FALSE)

number <- function(v) if (is.na(v)) "\"NaN\"" else sprintf("%.17g", v)
t_of <- function(t) sprintf("{\"t\":%s,\"df\":%s,\"p\":%s,\"lower\":%s,\"upper\":%s}", number(t$statistic),
  number(t$parameter), number(t$p.value), number(t$conf.int[1]), number(t$conf.int[2]))
of <- function(d, name) {
  x <- d[[name]][d$lm == 1]
  y <- d[[name]][d$lm == 0]
  ks <- ks.test(x, y)
  sprintf("\"%s\":{\"welch\":%s,\"student\":%s,\"ks\":{\"d\":%s,\"p\":%s,\"exact\":%s}}", name, t_of(t.test(x, y)),
    t_of(t.test(x, y, var.equal = TRUE)), number(ks$statistic), number(ks$p.value),
    tolower(as.character(startsWith(ks$method, "Exact"))))
}
set <- function(file) {
  d <- read.csv(paste0(file, ".csv"))
  sprintf("\"%s\":{\"input\":\"%s.csv\",\"outcome\":\"lm\",\"features\":{%s}}", file, file, paste(vapply(names(d)[-1],
    function(n) of(d, n), ""), collapse = ","))
}
writeLines(sprintf("{\"step\":\"two_sample\",\"versions\":{\"R\":\"%s\"},\"results\":{%s}}", getRversion(),
  paste(vapply(c("two_sample", "two_sample_large"), set, ""), collapse = ",")), "two_sample.json")
