"""Makes the phantoms beside this file and what PyRadiomics computes of them.

    python tests/baseline/make.py

Made with Python 3.11, PyRadiomics 3.0.1, numpy 1.26.4, SciPy 1.12.0, SimpleITK 2.5.7 and PyWavelets 1.9.0. The folder has the
layout of every folder of baselines: cohort.csv with the columns ID, Image and Mask, and in `reference` one parameter file NAME.yaml
with the values NAME.csv that it gives, 17 digits each. A region that PyRadiomics refuses has no row.
"""

import csv
import logging
import os
import warnings

os.environ["OPENBLAS_NUM_THREADS"] = "1"
import numpy as np
import SimpleITK as sitk
from radiomics import featureextractor

HERE = os.path.dirname(os.path.abspath(__file__))
logging.getLogger("radiomics").setLevel(logging.CRITICAL)
warnings.simplefilter("ignore")


def blob(shape, radius, seed, rough=0.25):
    """A star-shaped region with a rough surface."""
    z, y, x = np.indices(shape)
    centre = (np.array(shape) - 1) / 2
    d = np.sqrt(sum(((c - m) / r) ** 2 for c, m, r in zip((z, y, x), centre, radius)))
    return d < 1 + rough * smooth(np.random.default_rng(seed).normal(size=shape))


def smooth(a, times=1):
    """Mean over each voxel and its two neighbours along each axis."""
    for _ in range(times):
        for axis in range(a.ndim):
            a = (np.roll(a, 1, axis) + a + np.roll(a, -1, axis)) / 3
    return a * 3 ** (times * 0.75)


def rotation(ax, ay, az):
    c, s = np.cos([ax, ay, az]), np.sin([ax, ay, az])
    rx = np.array([[1, 0, 0], [0, c[0], -s[0]], [0, s[0], c[0]]])
    ry = np.array([[c[1], 0, s[1]], [0, 1, 0], [-s[1], 0, c[1]]])
    rz = np.array([[c[2], -s[2], 0], [s[2], c[2], 0], [0, 0, 1]])
    return (rz @ ry @ rx).flatten().tolist()


def phantoms():
    """ID, voxels, region, spacing, direction, type."""
    rng = np.random.default_rng(20240601)
    noise = lambda shape: rng.normal(size=shape)
    straight = np.eye(3).flatten().tolist()

    shape = (9, 18, 21)
    v = 220 + 90 * smooth(noise(shape), 2)
    yield "mr_oblique", v, blob(shape, (4, 8, 9), 1), (0.9765625, 0.9765625, 3.27), rotation(0.1, -0.2, 0.3), sitk.sitkFloat32

    shape = (8, 22, 17)
    v = -300 + 280 * smooth(noise(shape))
    two = blob(shape, (3.5, 9, 7), 2).astype(int) * 2
    two[:, :, :4][two[:, :, :4] > 0] = 1
    two[0, 0, 0] = 1
    two[0, 1, 1] = 1
    yield "ct_labels", np.round(v), two, (0.7, 0.7, 5), [-1, 0, 0, 0, -1, 0, 0, 0, 1], sitk.sitkInt16

    shape = (6, 10, 11)
    yield "flat", np.full(shape, 100.0), blob(shape, (3, 5, 5), 3), (1, 1, 2), straight, sitk.sitkInt16

    shape = (5, 16, 15)
    one = np.zeros(shape, bool)
    one[2] = blob((3, 16, 15), (3, 7, 6), 4)[1]
    yield "one_slice", 60 + 40 * smooth(noise(shape)), one, (0.8, 1.1, 4), straight, sitk.sitkFloat32

    one = np.zeros(shape, bool)
    one[:, 7, :] = blob((5, 3, 15), (2.4, 3, 6), 5)[:, 1]
    yield "one_column", 60 + 40 * smooth(noise(shape)), one, (0.8, 1.1, 4), straight, sitk.sitkFloat64

    shape = (9, 9, 9)
    apart = np.zeros(shape, bool)
    apart[::3, ::3, ::3] = True
    yield "scattered", np.round(200 + 100 * noise(shape)), apart, (1, 1.5, 2.5), straight, sitk.sitkInt32

    shape = (12, 14, 13)
    v = 25 * np.floor(4 * smooth(noise(shape), 2))
    part = blob(shape, (4.5, 5, 4.5), 6)
    part[0, 0:2, 0:2] = True
    v[0, 0:2, 0:2] = 900
    part[11, 13, 9:13] = True
    v[11, 13, 9:13] = 2025
    yield "gaps_parts", v, part, (1.25, 1.25, 1.25), straight, sitk.sitkFloat32

    shape = (10, 12, 12)
    v = np.round(smooth(noise(shape), 1), 1) * 30
    yield "on_edges", v, blob(shape, (4, 5, 5), 7, 0.4), (0.5, 0.6, 0.7), straight, sitk.sitkFloat32

    shape = (5, 6, 7)
    few = np.zeros(shape, bool)
    few[2, 2, 2:5] = True
    few[3, 3, 3] = True
    yield "four_voxels", np.round(1000 * rng.random(shape)), few, (1, 1, 1), straight, sitk.sitkUInt8

    shape = (24, 26, 25)
    v = 300 + 250 * smooth(noise(shape), 4)
    yield "dense", v, blob(shape, (11, 12, 11), 8), (1, 1, 1), straight, sitk.sitkFloat32

    # Values whose 32-bit and 64-bit floats lie on two sides of an edge or a limit.
    shape = (7, 12, 12)
    v = (np.abs(np.round(14 * smooth(noise(shape)))) % 17) * 0.1
    v[3, 5:7, 5:7] = 1.6
    yield "tenths", v, blob(shape, (3, 5, 5), 9), (1, 1, 1), straight, sitk.sitkFloat32
    shape = (6, 10, 9)
    v = rng.permuted(np.repeat([0.1, 0.3, 0.5], 180)).reshape(shape)
    whole = np.ones(shape, bool)
    whole[0, 0, 0:3] = False
    v[0, 0, 0:3] = (0.1, 0.3, 0.5)
    yield "three_values", v, whole, (1, 1, 1), straight, sitk.sitkFloat32

    # Levels so rare that the epsilon in the maximal correlation coefficient counts, and two that touch nothing else.
    shape = (46, 46, 46)
    v = 25 * np.floor(np.clip(2 + 1.2 * smooth(noise(shape), 5), 0, 4))
    v[20, 24, 20:23] = 500
    v[0, 0, 0:2] = 900
    v[45, 45, 0:3] = 1500
    part = np.zeros(shape, bool)
    part[2:44, 2:44, 2:44] = True
    part[0, 0, 0:2] = True
    part[45, 45, 0:3] = True
    yield "rare_levels", v, part, (1, 1, 1), straight, sitk.sitkInt16


ALL = "featureClass:\n  shape:\n  firstorder:\n  glcm:\n  glrlm:\n  glszm:\n  gldm:\n  ngtdm:\n"
SETTINGS = {
    "original": ALL + "setting:\n  binWidth: 25\n",
    "label-2": ALL + "setting:\n  label: 2\n  binWidth: 40\n",
    "defaults": "setting:\n  additionalInfo: false\n",
    "narrow-bins": ALL + "setting:\n  binWidth: 0.3\n",
    "bin-count": ALL + "setting:\n  binCount: 16\n",
    "distances": ALL + "setting:\n  distances: [1, 3]\n  gldm_a: 2\n",
    "weighted-euclidean": ALL + "setting:\n  weightingNorm: euclidean\n  distances: [2, 1]\n",
    "weighted-manhattan": ALL + "setting:\n  weightingNorm: manhattan\n",
    "weighted-infinity": ALL + "setting:\n  weightingNorm: infinity\n  symmetricalGLCM: false\n",
    "unweighted-sum": ALL + "setting:\n  weightingNorm: no_weighting\n",
    "one-way": ALL + "setting:\n  symmetricalGLCM: false\n  voxelArrayShift: 1000\n",
    "planes-z": ALL + "setting:\n  force2D: true\n  force2Ddimension: 0\n",
    "planes-y": ALL + "setting:\n  force2D: true\n  force2Ddimension: 1\n  distances: [1, 2]\n",
    "planes-x": ALL + "setting:\n  force2D: true\n  force2Ddimension: 2\n  weightingNorm: euclidean\n",
    "resegment-absolute": ALL + "setting:\n  resegmentRange: [-150, 210.1]\n",
    "resegment-relative": ALL + "setting:\n  resegmentRange: [0.3]\n  resegmentMode: relative\n  resegmentShape: true\n",
    "resegment-sigma": ALL + "setting:\n  resegmentRange: [1.5, -1.2]\n  resegmentMode: sigma\n",
    "resegment-tenths": ALL + "setting:\n  resegmentRange: [0.7, 1.3]\n  binWidth: 0.1\n",
    "resegment-edge": ALL + "setting:\n  resegmentRange: [-1.224744871391589, 1.224744871391589]\n  resegmentMode: sigma\n  binWidth: 0.1\n",
    "own-bins": "imageType:\n  Original:\n    binWidth: 60\n" + ALL + "setting:\n  binWidth: 5\n  minimumROIDimensions: 3\n",
    "chosen": (
        "featureClass:\n  glszm: [ZoneEntropy, GrayLevelVariance]\n  firstorder:\n    - StandardDeviation\n    - 90Percentile\n"
        "  shape: [SphericalDisproportion, Compactness2, MeshVolume, Compactness1]\n  ngtdm: []\n"
        "setting:\n  minimumROISize: 30\n"
    ),
}

IMAGES = "imageType:\n  Original: {}\n  LoG:\n    sigma: [1, 2.5]\n  Wavelet: {}\n  Square: {}\n  SquareRoot: {}\n  Logarithm: {}\n"
IMAGES += "  Exponential: {}\n  Gradient: {}\n  LBP2D: {}\n  LBP3D: {}\n"
FEW = "featureClass:\n  firstorder:\n  glcm: [Contrast, JointEntropy, MCC, Imc1]\n  glszm: [ZoneEntropy, LargeAreaEmphasis]\n  ngtdm: [Busyness]\n"
SETTINGS |= {
    "filtered": IMAGES + ALL + "setting:\n  binWidth: 25\n",
    "filtered-ct": IMAGES + FEW + "setting:\n  label: 2\n  binWidth: 10\n",
    "filtered-double": IMAGES + FEW + "setting:\n  binCount: 12\n  normalize: true\n  normalizeScale: 100\n  removeOutliers: 2\n",
    "filtered-planes": (
        "imageType:\n  Wavelet:\n    wavelet: db3\n    level: 2\n  LBP2D:\n    lbp2DMethod: ror\n    lbp2DRadius: 1.5\n"
        "    lbp2DSamples: 9\n    binWidth: 1\n  Gradient:\n    gradientUseSpacing: false\n" + FEW
        + "setting:\n  binCount: 12\n  force2D: true\n  force2Ddimension: 1\n"
    ),
    "filtered-lbp": (
        "imageType:\n  LBP2D:\n    lbp2DMethod: default\n    binWidth: 4\n  LBP3D:\n    lbp3DLevels: 3\n    lbp3DIcosphereRadius: 1.5\n"
        "    lbp3DIcosphereSubdivision: 0\n    binWidth: 0.5\n" + FEW
    ),
    "filtered-cropped": (
        "imageType:\n  Original: {}\n  Wavelet:\n    wavelet: bior2.2\n    start_level: 1\n  LoG:\n    sigma: [1.0]\n" + FEW
        + "setting:\n  binCount: 12\n  preCrop: true\n  padDistance: 2\n"
    ),
    "resampled": IMAGES + FEW + "setting:\n  binCount: 12\n  resampledPixelSpacing: [1.1, 1.2, 1.3]\n",
    "resampled-linear": FEW + "setting:\n  binWidth: 20\n  resampledPixelSpacing: [2, 2, 0]\n  interpolator: sitkLinear\n  padDistance: 1\n",
    "resampled-sinc": FEW + "setting:\n  binWidth: 20\n  label: 2\n  resampledPixelSpacing: [1, 1, 2]\n  interpolator: sitkLanczosWindowedSinc\n",
    "shape2d-z": "featureClass:\n  shape2D:\n  firstorder: [Mean]\n  shape:\nsetting:\n  force2D: true\n",
}


# Thousands of grey levels would keep PyRadiomics busy for an hour.
ONLY = {
    "narrow-bins": ("flat", "on_edges", "four_voxels"),
    "resegment-tenths": ("tenths",),
    "resegment-edge": ("tenths", "three_values"),
    "filtered": ("mr_oblique", "on_edges", "gaps_parts"),
    "filtered-ct": ("ct_labels",),
    "filtered-double": ("mr_oblique", "scattered", "dense"),
    "filtered-planes": ("mr_oblique", "ct_labels", "dense"),
    "filtered-lbp": ("mr_oblique", "on_edges", "ct_labels"),
    "filtered-cropped": ("mr_oblique", "on_edges", "dense"),
    "resampled": ("mr_oblique", "dense"),
    "resampled-linear": ("mr_oblique", "ct_labels", "on_edges"),
    "resampled-sinc": ("ct_labels",),
    "shape2d-z": ("one_slice",),
}


def main():
    reference = os.path.join(HERE, "reference")
    os.makedirs(reference, exist_ok=True)
    rows = []
    for name, voxels, region, spacing, direction, kind in phantoms():
        mask = region.astype(np.uint8)
        files = [f"{name}.nii.gz", f"{name}_mask.nii.gz"]
        for array, file, kind in ((voxels, files[0], kind), (mask, files[1], sitk.sitkUInt8)):
            image = sitk.Cast(sitk.GetImageFromArray(np.ascontiguousarray(array, dtype=float)), kind)
            image.SetSpacing(spacing)
            image.SetDirection(direction)
            image.SetOrigin((-12.5, 40, 100))
            sitk.WriteImage(image, os.path.join(HERE, file), True)
        rows.append((name, *files))
    write(os.path.join(HERE, "cohort.csv"), [("ID", "Image", "Mask"), *rows])
    for name, text in SETTINGS.items():
        path = os.path.join(reference, name + ".yaml")
        with open(path, "w") as out:
            out.write(text)
        table, header = [], None
        for id, image, mask in rows:
            if id not in ONLY.get(name, id):
                continue
            extractor = featureextractor.RadiomicsFeatureExtractor(path)
            extractor.addProvenance(False)
            try:
                values = extractor.execute(os.path.join(HERE, image), os.path.join(HERE, mask))
            except Exception as why:
                print(f"{name}: {id} refused: {why!r}")
                continue
            header = header or list(values)
            assert header == list(values)
            table.append((id, *(f"{float(v):.17g}" for v in values.values())))
        write(os.path.join(reference, name + ".csv"), [("ID", *header), *table])


def write(path, rows):
    with open(path, "w", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows(rows)


main()
