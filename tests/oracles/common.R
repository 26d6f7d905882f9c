# JSON with 17 digits; NA is null, NaN and infinities are texts.
json <- function(v) {
  one <- function(e) if (is.character(e))
    encodeString(e, quote = "\"")
  else if (is.logical(e)) {
    if (is.na(e))
      "null"
    else tolower(e)
  }
  else if (is.nan(e))
    "\"NaN\""
  else if (is.na(e))
    "null"
  else if (is.infinite(e))
    if (e > 0)
      "\"Inf\""
    else "\"-Inf\""
  else sprintf("%.17g", e)
  if (is.list(v)) {
    if (is.null(names(v)))
      return(paste0("[", paste(vapply(v, json, ""), collapse = ","), "]"))
    return(paste0("{", paste(sprintf("\"%s\":%s", names(v), vapply(v, json, "")), collapse = ","),
      "}"))
  }
  if (is.matrix(v))
    return(json(lapply(seq_len(nrow(v)), function(i) I(as.vector(v[i, ])))))
  parts <- vapply(as.vector(v), one, "")
  if (length(v) == 1 && !inherits(v, "AsIs"))
    parts
  else paste0("[", paste(parts, collapse = ","), "]")
}

# The largest log likelihood of a logistic regression, or with Firth's penalty 0.5 log det(X'WX), where coefficients outside
# `free` stay as in `b`: Newton's steps by Fisher scoring, halved until the likelihood grows.
maximum <- function(x, y, b, free = seq_along(b), penalised = FALSE) {
  at <- function(b) {
    eta <- as.vector(x %*% b)
    p <- plogis(eta)
    w <- p * plogis(-eta)
    I <- crossprod(x, w * x)
    v <- sum(ifelse(y == 1, plogis(eta, log.p = TRUE), plogis(-eta, log.p = TRUE)))
    r <- y - p
    if (penalised) {
      v <- v + as.numeric(determinant(I)$modulus)/2
      h <- rowSums((x %*% solve(I)) * x) * w
      r <- r + h * (0.5 - p)
    }
    list(b = b, value = v, score = as.vector(crossprod(x, r)), information = I)
  }
  now <- at(b)
  if (length(free)) for (i in 1:2000) {
    # On the scale of each column, for that of a separating one vanishes.
    I <- now$information[free, free, drop = FALSE]
    s <- pmax(sqrt(diag(I)), 1e-150)
    step <- tryCatch(solve(I/outer(s, s), now$score[free]/s, tol = 0)/s, error = function(e) NULL)
    if (is.null(step))
      break
    for (k in 0:60) {
      to <- b
      to[free] <- now$b[free] + step/2^k
      next_ <- tryCatch(at(to), error = function(e) NULL)
      if (!is.null(next_) && is.finite(next_$value) && next_$value >= now$value - 1e-13 * abs(now$value))
        break
    }
    # Where the outcome is separated coefficients grow for ever, and the likelihood no more.
    flat <- !penalised && sum(step * now$score[free]) <= 1e-15 * (1 + abs(now$value))
    if (flat || k == 60 || max(abs(to[free] - now$b[free])) < 1e-13 * (1 + max(abs(now$b))))
      break
    now <- next_
  }
  now
}
# Profile limits of each coefficient: outwards from the estimate until twice the log likelihood has fallen by the quantile of
# chi-square, without end where it never does.
profile_limits <- function(x, y, b, se, penalised) {
  best <- maximum(x, y, b, penalised = penalised)
  t(sapply(seq_along(b), function(j) {
    last <- best$b
    over <- function(v) {
      last[j] <<- v
      m <- maximum(x, y, last, seq_along(b)[-j], penalised)
      last <<- m$b
      2 * (best$value - m$value) - qchisq(0.95, 1)
    }
    side <- function(s) {
      last <<- best$b
      h <- min(se[j], 3)/2
      near <- c(best$b[j], -qchisq(0.95, 1))
      repeat {
        far <- near[1] + s * h
        if (abs(far - best$b[j]) * max(abs(x[, j])) > 1000)
          return(s * Inf)
        far <- c(far, over(far))
        if (far[2] > 0) {
          ends <- if (s > 0)
            rbind(near, far)
          else rbind(far, near)
          return(uniroot(over, ends[, 1], f.lower = ends[1, 2], f.upper = ends[2, 2], tol = 1e-14, maxiter = 1000)$root)
        }
        near <- far
      }
    }
    c(side(-1), side(1))
  }))
}
