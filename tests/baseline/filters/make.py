"""Makes the baselines of the wavelet and local binary pattern filters with PyRadiomics.

    python make.py

Writes, beside itself, `images.csv` (name, type, x, y, z, voxels with x running fastest), `wavelet.csv` and `lbp.csv` (settings,
image name, then the filtered voxels; for spheres those of the mask, which is every third voxel) and `banks.csv` (each
wavelet's filters as a checksum of their bits). Every number has 17 digits. The first line of each tells the versions.
"""

import os
import struct

import numpy
import pywt
import scipy
import SimpleITK as sitk
import skimage
import trimesh
from radiomics import imageoperations, setVerbosity

setVerbosity(60)
here = os.path.dirname(os.path.abspath(__file__))
versions = (
    f"# PyRadiomics 3.0.1, numpy {numpy.__version__}, PyWavelets {pywt.__version__}, scikit-image {skimage.__version__}, "
    f"SciPy {scipy.__version__}, trimesh {trimesh.__version__}"
)


def write(name, rows):
    with open(os.path.join(here, name), "w") as out:
        print(versions, file=out)
        for row in rows:
            print(*row, sep=",", file=out)


def digits(array):
    return [f"{value:.17g}" for value in numpy.asarray(array, dtype=float).ravel()]


rng = numpy.random.default_rng(20240611)


def noise(shape, kind):
    values = rng.normal(80, 40, shape)
    return values.round().astype(kind) if kind == numpy.int16 else values.astype(kind)


# Arrays are (z, y, x). The flat half of `step` makes samples equal their centre but for rounding.
step = numpy.full((4, 6, 9), 0.3)
step[:, :, 6:] = 0.7
images = {
    "short": noise((3, 4, 5), numpy.int16),
    "single": noise((4, 5, 6), numpy.float32),
    "double": noise((2, 7, 3), numpy.float64),
    "step": step,
    "flat": numpy.full((6, 7, 8), 0.3, numpy.float64),
}
write(
    "images.csv",
    [[name, array.dtype.name, *array.shape[::-1], *digits(array)] for name, array in images.items()],
)
images = {name: sitk.GetImageFromArray(array) for name, array in images.items()}


def wavelets():
    cases = [
        ("short", "coif1", 1, 0, ""),
        ("short", "haar", 2, 1, ""),
        ("single", "coif1", 1, 0, ""),
        ("single", "coif3", 1, 0, 2),
        ("single", "bior3.3", 1, 1, 0),
        ("single", "rbio2.4", 1, 0, 1),
        ("double", "db3", 2, 0, ""),
        ("double", "dmey", 1, 0, 2),
        ("double", "sym4", 1, 1, 1),
    ]
    for image, wavelet, level, start, plane in cases:
        settings = dict(wavelet=wavelet, level=level, start_level=start)
        if plane != "":
            settings.update(force2D=True, force2Ddimension=2 - plane)
        for band, name, _ in imageoperations.getWaveletImage(images[image], None, **settings):
            yield [image, wavelet, level, start, plane, name, *digits(sitk.GetArrayFromImage(band))]


def slices():
    for method in ("default", "ror", "uniform", "var"):
        for image, radius, samples, plane in [
            ("short", 1, 8, 2),
            ("short", 1.5, 12, 0),
            ("single", 1, 8, 1),
            ("single", 2.3, 9, 2),
            ("double", 1.2, 5, 0),
            ("step", 1, 8, 2),
        ]:
            settings = dict(lbp2DRadius=radius, lbp2DSamples=samples, lbp2DMethod=method, force2Ddimension=2 - plane)
            filtered = next(imageoperations.getLBP2DImage(images[image], None, **settings))[0]
            yield ["slice", image, method, radius, samples, plane, "lbp-2D", *digits(sitk.GetArrayFromImage(filtered))]


def spheres():
    for image, levels, radius, subdivision in [
        ("short", 2, 1, 1),
        ("single", 2, 1, 1),
        ("single", 3, 1.5, 0),
        ("single", 4, 2, 2),
        ("double", 2, 1, 1),
        ("step", 2, 1, 1),
        ("step", 2, 1, 0),
        ("flat", 2, 1, 1),
    ]:
        voxels = sitk.GetArrayFromImage(images[image])
        inside = (numpy.arange(voxels.size) % 3 == 0).reshape(voxels.shape)
        mask = sitk.GetImageFromArray(inside.astype(numpy.uint8))
        settings = dict(lbp3DLevels=levels, lbp3DIcosphereRadius=radius, lbp3DIcosphereSubdivision=subdivision)
        for filtered, name, _ in imageoperations.getLBP3DImage(images[image], mask, **settings):
            values = digits(sitk.GetArrayFromImage(filtered)[inside])
            yield ["sphere", image, levels, radius, subdivision, "", name, *values]


def checksum(values):
    """FNV-1a, 64 bits."""
    state = 0xCBF29CE484222325
    for byte in struct.pack(f"<{len(values)}d", *values):
        state = (state ^ byte) * 0x100000001B3 % 2**64
    return f"{state:016x}"


def banks():
    for name in pywt.wavelist(kind="discrete"):
        wavelet = pywt.Wavelet(name)
        yield [name, wavelet.dec_len, checksum(wavelet.dec_lo), checksum(wavelet.dec_hi)]


write("wavelet.csv", wavelets())
write("lbp.csv", [*slices(), *spheres()])
write("banks.csv", banks())
