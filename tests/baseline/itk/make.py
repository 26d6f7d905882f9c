"""Makes what SimpleITK and PyRadiomics' imageoperations make of the phantoms in the folder above.

    python tests/baseline/itk/make.py

Made with Python 3.11, PyRadiomics 3.0.1, numpy 1.26.4 and SimpleITK 2.5.7 (ITK 5.4) on x86-64 with glibc. Of each image: size,
spacing, origin, pixel type, and every so many voxels with all their digits; of each mask the runs of voxels outside and inside.
Masks on other grids than their image are written beside this file.
"""

import json
import logging
import os

import numpy as np
import SimpleITK as sitk
from radiomics import imageoperations as io

HERE = os.path.dirname(os.path.abspath(__file__))
PHANTOMS = os.path.dirname(HERE)
logging.getLogger("radiomics").setLevel(logging.CRITICAL)
sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
SHOWN = 150
INTERPOLATORS = [
    "sitkNearestNeighbor", "sitkLinear", "sitkBSpline", "sitkGaussian", "sitkLabelGaussian", "sitkHammingWindowedSinc",
    "sitkCosineWindowedSinc", "sitkWelchWindowedSinc", "sitkLanczosWindowedSinc", "sitkBlackmanWindowedSinc",
]


def image(name):
    return sitk.ReadImage(os.path.join(PHANTOMS, name + ".nii.gz"))


def mask(name):
    path = os.path.join(PHANTOMS, name + ".nii.gz")
    return sitk.Cast(sitk.ReadImage(path), sitk.sitkUInt32)


def shown(of, **case):
    v = sitk.GetArrayFromImage(of).ravel()
    every = max(1, len(v) // SHOWN)
    every += every > 1 and every % 2 == 0
    return dict(case, size=of.GetSize(), spacing=of.GetSpacing(), origin=of.GetOrigin(),
                pixel=of.GetPixelIDTypeAsString(), every=every, voxels=[float(x) for x in v[::every]])


def runs(of):
    inside = sitk.GetArrayFromImage(of).ravel() == 1
    changes = np.flatnonzero(np.diff(np.concatenate([[False], inside])))
    return np.diff(np.concatenate([[0], changes, [len(inside)]])).tolist()


def filters():
    for name, sigmas in [("mr_oblique", [0.7, 3.0]), ("ct_labels", [1.0]), ("one_column", [2.5]), ("scattered", [1.0])]:
        for sigma in sigmas:
            log = sitk.LaplacianRecursiveGaussianImageFilter()
            log.SetNormalizeAcrossScale(True)
            log.SetSigma(sigma)
            yield shown(log.Execute(image(name)), image=name, filter="log", sigma=sigma)
        for per_mm in [True, False]:
            yield shown(sitk.GradientMagnitude(image(name), per_mm), image=name, filter="gradient", per_mm=per_mm)
        for outliers in [None, 1.5]:
            of = io.normalizeImage(image(name), normalizeScale=100, removeOutliers=outliers)
            yield shown(of, image=name, filter="normalize", scale=100, outliers=outliers)


def resampled():
    cases = [("mr_oblique", "mr_oblique_mask", [0.8, 1.1, 2], i, 5) for i in INTERPOLATORS]
    cases += [("ct_labels", "ct_labels_mask", [1.4, 1.4, 0], i, 2) for i in INTERPOLATORS]
    common = INTERPOLATORS[:3]
    cases += [("dense", "dense_mask", [2, 2, 2], i, 1) for i in common]
    cases += [("one_slice", "one_slice_mask", [0.5, 0.5, 0.5], i, 5) for i in common]
    cases += [("one_column", "one_column_mask", [1, 1, 1], i, 0) for i in common]
    cases += [("four_voxels", "four_voxels_mask", [0.7, 0.7, 0.7], i, 3) for i in common]
    cases += [("mr_oblique", "itk/fine_mask", [1.5, 1.5, 1.5], i, 5) for i in common]
    spacing = list(image("mr_oblique").GetSpacing())
    cases += [("mr_oblique", "mr_oblique_mask", spacing, "sitkBSpline", 2), ("mr_oblique", "itk/fine_mask", spacing, "sitkLinear", 1)]
    for name, region, spacing, interpolator, pad in cases:
        of, roi = io.resampleImage(image(name), mask(region), resampledPixelSpacing=spacing, interpolator=interpolator,
                                   padDistance=pad, label=1)
        yield shown(of, image=name, mask=region, to=spacing, interpolator=interpolator, pad=pad, runs=runs(roi))


def corrected():
    for name, region in [("mr_oblique", "itk/fine_mask"), ("mr_oblique", "itk/shifted_mask")]:
        yield dict(image=name, mask=region, runs=runs(io._correctMask(image(name), mask(region), label=1)))


def write_masks():
    """The oblique phantom's mask with finer voxels around the region, and off by a ten-thousandth of a voxel."""
    whole = sitk.Cast(mask("mr_oblique_mask"), sitk.sitkUInt8)
    fine = sitk.Expand(sitk.Crop(whole, [1, 1, 0], [1, 0, 1]), [2, 2, 1], sitk.sitkNearestNeighbor)
    sitk.WriteImage(fine, os.path.join(HERE, "fine_mask.nii.gz"), useCompression=True)
    whole.SetOrigin([x + 1e-4 for x in whole.GetOrigin()])
    sitk.WriteImage(whole, os.path.join(HERE, "shifted_mask.nii.gz"), useCompression=True)


write_masks()
for name, cases in [("filters", filters()), ("resampled", resampled()), ("corrected", corrected())]:
    with open(os.path.join(HERE, name + ".json"), "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
