#!/usr/bin/env bash
# radnote beside PyRadiomics on the same scans and cores, in turn:
#   benches/extraction.sh COHORT.csv PARAMETERS.yaml PYTHON [RUNS]
# PYTHON has PyRadiomics 3.0.1. The same first reader's masks, two threads against two processes, cache empty in each run.
set -euo pipefail
cohort=$(realpath "$1") params=$(realpath "$2") python=$3 runs=${4:-3}
here=$(cd "$(dirname "$0")" && pwd)
radnote=${RADNOTE:-${CARGO_TARGET_DIR:-$here/../target}/release/radnote}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Only the first reader, as PyRadiomics gets it; paths made absolute so that the table can stand elsewhere.
"$python" - "$cohort" "$work/cohort.csv" <<'PY'
import csv, os, sys
rows = list(csv.DictReader(open(sys.argv[1])))
base = os.path.dirname(sys.argv[1])
with open(sys.argv[2], "w", newline="") as out:
    writer = csv.writer(out)
    writer.writerow(["ID", "Image", "Mask"])
    writer.writerows([r["ID"], os.path.join(base, r["Image"]), os.path.join(base, r["Mask"])] for r in rows)
PY
for run in $(seq "$runs"); do
  echo "== run $run: radnote"
  rm -rf "$work/cache"
  RADNOTE_CACHE="$work/cache" /usr/bin/time -f '%e s, %M KiB' \
    "$radnote" extract --batch "$work/cohort.csv" --params "$params" --out "$work/features.csv" --jobs 2 2>&1 | tail -n 2
  echo "== run $run: PyRadiomics"
  "$python" "$here/pyradiomics.py" "$work/cohort.csv" "$params" --processes 2
done
