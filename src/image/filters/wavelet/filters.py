"""Writes filters.txt: the low-pass filters of every discrete wavelet, as PyWavelets keeps them in 64-bit floats.

    python filters.py > filters.txt

One line a wavelet: its name, then its decomposition low-pass filter. A biorthogonal one has a second line with its
reconstruction low-pass filter. Every other filter follows from these: an orthogonal wavelet reconstructs with the same
filter turned round, `rbio` is `bior` with both roles exchanged and turned round, `haar` is `db1`.
"""

import pywt

print(f"# PyWavelets {pywt.__version__}, by filters.py")
for family in ("db", "sym", "coif", "bior", "dmey"):
    for name in pywt.wavelist(family):
        wavelet = pywt.Wavelet(name)
        print(name, *map(repr, wavelet.dec_lo))
        if family == "bior":
            print(name, *map(repr, wavelet.rec_lo))
        else:
            assert wavelet.rec_lo == wavelet.dec_lo[::-1]
