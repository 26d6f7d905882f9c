"""How the time of a scan grows with the voxels of its region.

    python benches/growth.py COHORT.csv [PARAMETERS|PRESET] [RADNOTE]

Runs the batch tool with one thread and an empty cache, and fits log(seconds) on log(voxels) by least squares.
"""

import csv
import math
import os
import re
import subprocess
import sys
import tempfile

cohort = os.path.realpath(sys.argv[1])
params = sys.argv[2] if len(sys.argv) > 2 else "paper-1967"
radnote = os.path.realpath(sys.argv[3]) if len(sys.argv) > 3 else "radnote"
with tempfile.TemporaryDirectory() as work:
    out = os.path.join(work, "features.csv")
    line = [radnote, "extract", "--batch", cohort, "--params", params, "--out", out, "--jobs", "1"]
    env = dict(os.environ, RADNOTE_CACHE=os.path.join(work, "cache"))
    said = subprocess.run(line, env=env, check=True, capture_output=True, text=True).stderr
    # Once more for the counts, from the cache.
    subprocess.run([*line, "--diagnostics"], env=env, check=True, capture_output=True)
    voxels = [int(row["diagnostics_Mask-original_VoxelNum"]) for row in csv.DictReader(open(out))]
seconds = {int(row): float(s) for row, s in re.findall(r"^row (\d+) of .* ([\d.]+) s$", said, re.M)}
points = [(math.log(voxels[row - 1]), math.log(max(s, 0.005))) for row, s in seconds.items()]
mean = [sum(p[k] for p in points) / len(points) for k in (0, 1)]
slope = sum((x - mean[0]) * (y - mean[1]) for x, y in points) / sum((x - mean[0]) ** 2 for x, _ in points)
print(f"{len(points)} scans, {min(voxels)} to {max(voxels)} voxels in the region, {sum(seconds.values()):.1f} s: exponent {slope:.2f}")
