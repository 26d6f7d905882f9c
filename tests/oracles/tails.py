"""Makes tails.json: tails and quantiles to 17 digits by mpmath 1.3 at 50 digits. Usage: python tails.py (in this folder).

The parameters are those that statistics ask for: degrees of freedom of Welch and Satterthwaite, of cohorts from 2 to 2000
patients, tails down to the smallest numbers, and where an implementation changes its method."""

import json

from mpmath import betainc, erfc, exp, findroot, gammainc, inf, log, mp, mpf, sqrt

mp.dps = 50


def beta_lower(x, a, b):
    """By the incomplete beta integral, on the side where it converges."""
    return betainc(a, b, 0, x, regularized=True) if x < a / (a + b) else 1 - betainc(b, a, 0, 1 - x, regularized=True)


def f_upper(f, df1, df2):
    return beta_lower(df2 / (df1 * f + df2), df2 / 2, df1 / 2)


def odds(p, a, b):
    """The log odds of the beta quantile; p is the lower tail."""
    low, high = mpf(-3000), mpf(3000)

    def off(t):
        lower = beta_lower(1 / (1 + exp(-t)), a, b)
        upper = beta_lower(1 / (1 + exp(t)), b, a)
        return log(lower / p) if p < 0.5 else log((1 - p) / upper)

    # Halving until Newton's method is safe.
    while high - low > mpf(1) / 8:
        middle = (low + high) / 2
        low, high = (middle, high) if off(middle) < 0 else (low, middle)
    return findroot(off, (low, high), solver="anderson", tol=mpf(10) ** -60, verify=False)


def number(x):
    return float(x)


P = ["1e-300", "1e-12", "1e-5", "0.001", "0.025", "0.5", "0.9", "0.975", "0.999"]
DF = [("1", "1"), ("2", "3.7"), ("29", "2.0437"), ("0.4", "29"), ("29", "29.31"), ("5.5", "1000.25"), ("81", "81"), ("1999", "1999"), ("1.0001", "58")]


def made():
    for df1, df2 in DF:
        for f in ["0.001", "0.3", "1", "2.5", "40", "1e4", "1e12"]:
            yield "pf_upper", {"f": f, "df1": df1, "df2": df2}, "p", lambda v: f_upper(v["f"], v["df1"], v["df2"])
        for p in P:
            yield "qf", {"p": p, "df1": df1, "df2": df2}, "q", lambda v: v["df2"] / v["df1"] * exp(odds(v["p"], v["df1"] / 2, v["df2"] / 2))
    for df in ["1", "1.5", "2", "7.31", "40.7", "57.94", "1998.5"]:
        for t in ["0.001", "0.5", "2.1", "8.5", "40", "1e6"]:
            yield "pt2", {"t": t, "df": df}, "p", lambda v: beta_lower(v["df"] / (v["df"] + v["t"] ** 2), v["df"] / 2, mpf(1) / 2)
        for p in ["0.975", "0.995", "0.6", "0.9999995"]:
            yield "qt", {"p": p, "df": df}, "t", lambda v: sqrt(v["df"] * exp(odds(2 * v["p"] - 1, mpf(1) / 2, v["df"] / 2)))
    for z in ["0", "0.1", "0.5", "1", "1.96", "3", "5.3", "8.2", "10", "15", "20", "25", "30", "35", "37"]:
        yield "pnorm2", {"z": z}, "p", lambda v: erfc(v["z"] / sqrt(mpf(2)))
    for p in ["1e-300", "1e-100", "1e-20", "1e-10", "0.0001", "0.025", "0.2", "0.5", "0.8", "0.975"]:
        yield "qnorm", {"p": p}, "z", lambda v: -sqrt(mpf(2)) * inverse_erfc(2 * v["p"])
    for df in ["1", "2", "3.5", "8", "30", "200"]:
        for x in ["0.01", "0.5", "3.84", "8.9", "45", "700"]:
            yield "pchisq_upper", {"x": x, "df": df}, "p", lambda v: gammainc(v["df"] / 2, v["x"] / 2, inf, regularized=True)
    for a, b in [("30", "6"), ("31", "5"), ("0.5", "0.5"), ("1", "82"), ("82", "1"), ("14.5", "20.25"), ("600", "1400")]:
        for p in ["1e-10", "0.005", "0.025", "0.5", "0.975", "0.995"]:
            yield "qbeta", {"p": p, "a": a, "b": b}, "q", lambda v: 1 / (1 + exp(-odds(v["p"], v["a"], v["b"])))


def inverse_erfc(x):
    """Newton's method on the logarithm, from the double's own digits."""
    if x == 1:
        return mpf(0)
    if x > 1:
        return -inverse_erfc(2 - x)
    start = sqrt(-log(x)) if x < mpf("0.1") else 1 - x
    return findroot(lambda t: log(erfc(t)) - log(x), start)


results = {}
for kind, given, name, value in made():
    # What is asked is the double nearest to the text, so that no digit is lost before the first step.
    doubles = {k: float(v) for k, v in given.items()}
    answer = number(value({k: mpf(v) for k, v in doubles.items()}))
    results.setdefault(kind, []).append({**doubles, name: answer})
with open("tails.json", "w") as file:
    json.dump({"step": "tails", "versions": {"mpmath": "1.3.0"}, "distributions": results}, file, separators=(",", ":"))
    file.write("\n")
