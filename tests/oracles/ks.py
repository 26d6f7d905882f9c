"""Makes ks.json: the exact two-sided Smirnov p in whole numbers, and what R 4.2 prints for it. Usage: python3 ks.py (here).

Of all orders in which the groups can be dealt to the pooled values, those are counted that stay under d wherever the values
differ from the next: Python's whole numbers have no rounding. Rscript is called for R's own p.
"""
import json
import random
import subprocess
from fractions import Fraction
from math import comb


def exact(first, second):
    m, n = len(first), len(second)
    pooled = sorted([(v, 1) for v in first] + [(v, 0) for v in second])
    ends = [k + 1 == m + n or pooled[k][0] != pooled[k + 1][0] for k in range(m + n)]
    i = largest = 0
    for k, (_, is_first) in enumerate(pooled):
        i += is_first
        if ends[k]:
            largest = max(largest, abs(i * n - (k + 1 - i) * m))
    under = [[0] * (n + 1) for _ in range(m + 1)]
    for i in range(m + 1):
        for j in range(n + 1):
            if i + j == 0:
                under[0][0] = int(largest > 0)
            elif not (ends[i + j - 1] and abs(i * n - j * m) >= largest):
                under[i][j] = (under[i - 1][j] if i else 0) + (under[i][j - 1] if j else 0)
    return Fraction(largest, m * n), 1 - Fraction(under[m][n], comb(m + n, m))


def by_r(first, second):
    group = lambda v: "c(" + ",".join(map(repr, v)) + ")"
    code = f"cat(sprintf('%.17g', suppressWarnings(ks.test({group(first)}, {group(second)}))$p.value))"
    return float(subprocess.run(["Rscript", "-e", code], capture_output=True, text=True, check=True).stdout)


def main():
    draw = random.Random(11)
    results = {}
    for name, m, n, shift, digits in [("small_p", 35, 47, 1.75, 6), ("tied", 35, 47, 1.5, 1), ("usual", 41, 52, 0.5, 6),
                                      ("tiny", 60, 64, 3.2, 6), ("few", 5, 7, 1.0, 6), ("coarse", 70, 90, 0.6, 0)]:
        first = [round(draw.gauss(shift, 1), digits) for _ in range(m)]
        second = [round(draw.gauss(0, 1), digits) for _ in range(n)]
        d, p = exact(first, second)
        theirs = by_r(first, second)
        results[name] = {"first": first, "second": second, "d": float(d), "p": float(p), "p_of_r": theirs,
                         "error_of_r": float(abs(Fraction(theirs) - p) / p)}
        print(name, float(p), theirs, results[name]["error_of_r"])
    text = json.dumps({"step": "ks", "versions": {"R": "4.2.2"}, "results": results}, separators=(",", ":"))
    open("ks.json", "w").write(text + "\n")


main()
