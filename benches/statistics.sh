#!/bin/sh
# The statistics beside R's on one simulated cohort of 82 training patients x 1967 features: benches/statistics.sh [RUNS]
#
# Each run starts R and radnote in turn, so that both meet the same load; printed are medians over the runs. R needs
# glmnet, MASS, pROC and rms.
set -eu
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cargo bench --quiet --bench statistics -- "$folder" write
for _ in $(seq "${1:-5}"); do
  Rscript benches/statistics.R run "$folder" "$folder/r.tsv" > /dev/null
  cargo bench --quiet --bench statistics -- "$folder" >> "$folder/radnote.tsv"
done
Rscript benches/statistics.R table "$folder/r.tsv" "$folder/radnote.tsv"
