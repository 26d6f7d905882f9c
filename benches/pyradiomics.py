"""Time and memory of PyRadiomics on a cohort, for comparison with `radnote`.

    python benches/pyradiomics.py COHORT.csv PARAMETERS.yaml [--processes 2] [--mask Mask]

COHORT.csv has the columns ID, Image and Mask with paths relative to it, as `radnote` takes them. Each process extracts one scan
after the other, reading included, with one thread each in the libraries beneath, so that both programs use the same cores. Prints
the seconds from the first scan to the last, the scans and voxels, and the peak memory of the processes together.
"""

import argparse
import csv
import logging
import multiprocessing
import os
import resource
import time
import warnings

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS"):
    os.environ[variable] = "1"


def start(parameters):
    """Imports happen before the clock starts: once a process."""
    global extractor
    import radiomics
    import SimpleITK
    from radiomics import featureextractor

    warnings.simplefilter("ignore")
    logging.getLogger("radiomics").setLevel(logging.CRITICAL)
    SimpleITK.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
    extractor = featureextractor.RadiomicsFeatureExtractor(parameters)
    extractor.addProvenance(False)


def extract(row):
    """Number of features of one scan, and the process with its peak memory so far in MiB."""
    id, image, mask = row
    values = extractor.execute(image, mask)
    return id, len(values), os.getpid(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cohort")
    parser.add_argument("parameters")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--mask", default="Mask", help="column of the masks")
    options = parser.parse_args()
    folder = os.path.dirname(os.path.abspath(options.cohort))
    with open(options.cohort, newline="") as text:
        rows = [r for r in csv.DictReader(text) if r[options.mask]]
    rows = [(r["ID"], os.path.join(folder, r["Image"]), os.path.join(folder, r[options.mask])) for r in rows]
    with multiprocessing.Pool(options.processes, start, (options.parameters,)) as pool:
        pool.map(time.sleep, [0.5] * options.processes)
        began = time.perf_counter()
        done = list(pool.imap_unordered(extract, rows))
        seconds = time.perf_counter() - began
    peak = {}
    for _, _, process, memory in done:
        peak[process] = max(memory, peak.get(process, 0))
    print(f"{len(done)} scans, {done[0][1]} features each, {options.processes} processes")
    print(f"{seconds:.2f} seconds, {sum(peak.values()):.0f} MiB at the peak of each process together")


if __name__ == "__main__":
    main()
