"""make_pictures.py FOLDER: the tutorial's pictures, from the files that its commands leave in FOLDER and these:

klar denoise cells.tif -m median --set median.size=9 -o blurred.tif
klar denoise cells.tif -m bm3d --sigma 8 -o timid.tif
klar denoise cells.tif -m bm3d --sigma 60 -o bold.tif
"""
import os
import struct
import sys
import zlib

import numpy
import tifffile

folder = sys.argv[1]
images = os.path.join(os.path.dirname(os.path.abspath(__file__)), "images")


def read(name):
    samples = tifffile.imread(os.path.join(folder, name)).astype("float64")
    return samples[180:340, 200:360]


def panels(name, parts, ranges):
    shown = []
    for part, (low, high) in zip(parts, ranges):
        grey = (numpy.clip((part - low) / (high - low), 0, 1) * 255).astype("uint8")
        shown += [numpy.kron(grey, numpy.ones((2, 2), "uint8")), numpy.full((320, 8), 255, "uint8")]
    sheet = numpy.hstack(shown[:-1])
    rows = b"".join(b"\0" + row.tobytes() for row in sheet)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", sheet.shape[1], sheet.shape[0], 8, 0, 0, 0, 0)
    with open(os.path.join(images, name), "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))


noisy, clean, residual = read("cells.tif"), read("cells_denoised.tif"), read("cells_denoised_residual.tif")
view = (numpy.percentile(noisy, 1), numpy.percentile(noisy, 99.5))
panels("tutorial_before_after.png", [noisy, clean], [view, view])
panels("tutorial_residual.png", [residual], [(-1200, 1200)])
wrong = [read(name) for name in ("blurred.tif", "timid.tif", "bold.tif")]
panels("methods_wrong.png", [*wrong, clean], [view] * 4)
