"""make_pictures.py FOLDER: the pictures of the pages that teach, from the files that the tutorial's commands leave in
FOLDER and these:

klar denoise cells.tif -m median --set median.size=9 -o blurred.tif
klar denoise cells.tif -m bm3d --sigma 8 -o timid.tif
klar denoise cells.tif -m bm3d --sigma 60 -o bold.tif
klar denoise cells.tif -m gaussian -o gaussian.tif
klar denoise cells.tif -m bm3d -o bm3d.tif
klar denoise stack.tif -m bm3d --across off --select c=0 z=0-2 -o alone.tif
klar demo -o demo
klar noise demo/clean.png --add gaussian:25 -o gaussian.png
klar noise demo/clean.png --add poisson:10 -o photons.png
klar noise demo/clean.png --add salt-pepper:0.05 -o impulses.png
klar noise demo/clean.png --add uniform:0.4 -o uniform.png
python3 make_pictures.py --stripes FOLDER   # makes stripes.tif
klar denoise stripes.tif -m bm3d --stripes off -o stripes_left.tif
klar denoise stripes.tif -m bm3d -o stripes_gone.tif
"""
import os
import struct
import sys
import zlib

import numpy
import tifffile

folder = sys.argv[-1]
images = os.path.join(os.path.dirname(os.path.abspath(__file__)), "images")
PART = (slice(180, 340), slice(200, 360))


def read(name, part=PART, page=0):
    samples = tifffile.imread(os.path.join(folder, name)).astype("float64")
    while samples.ndim > 2:
        samples = samples[page if samples.ndim == 3 else 0]
    return samples[part]


def read_png(name, part):
    with open(os.path.join(folder, name), "rb") as file:
        data = file.read()
    at, packed = 8, b""
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + length]
        if kind == b"IHDR":
            width, height, bits, colours = struct.unpack(">IIBB", body[:10])
        elif kind == b"IDAT":
            packed += body
        at += 12 + length
    assert (bits, colours) == (8, 0), name
    rows, before = [], numpy.zeros(width, "uint8")
    raw = zlib.decompress(packed)
    for y in range(height):
        kind, line = raw[y * (width + 1)], raw[y * (width + 1) + 1:(y + 1) * (width + 1)]
        row = numpy.zeros(width, "uint8")
        for x in range(width):
            a = int(row[x - 1]) if x else 0
            b, c = int(before[x]), int(before[x - 1]) if x else 0
            p = a + b - c
            nearest = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
            row[x] = (line[x] + (0, a, b, (a + b) // 2, nearest)[kind]) & 255
        rows.append(row)
        before = row
    return numpy.array(rows, "float64")[part]


def panels(name, parts, ranges):
    shown = []
    for part, (low, high) in zip(parts, ranges):
        grey = (numpy.clip((part - low) / (high - low), 0, 1) * 255).astype("uint8")
        shown += [numpy.kron(grey, numpy.ones((2, 2), "uint8")), numpy.full((2 * len(part), 8), 255, "uint8")]
    sheet = numpy.hstack(shown[:-1])
    rows = b"".join(b"\0" + row.tobytes() for row in sheet)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", sheet.shape[1], sheet.shape[0], 8, 0, 0, 0, 0)
    with open(os.path.join(images, name), "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))


def range_of(part):
    return numpy.percentile(part, 1), numpy.percentile(part, 99.5)


if sys.argv[1] == "--stripes":
    # A generated picture whose rows and columns have offsets of their own, as those of a scanning microscope.
    samples = tifffile.imread(os.path.join(folder, "cells.tif")).astype("float64") + 3000
    draw = numpy.random.default_rng(1)
    level = numpy.std(samples - numpy.roll(samples, 1, axis=1)) / numpy.sqrt(2)
    samples += draw.normal(0, level, (samples.shape[0], 1)) + draw.normal(0, level / 3, (1, samples.shape[1]))
    tifffile.imwrite(os.path.join(folder, "stripes.tif"), numpy.clip(numpy.rint(samples), 0, 65535).astype("uint16"))
    sys.exit()

noisy, clean, residual = read("cells.tif"), read("cells_denoised.tif"), read("cells_denoised_residual.tif")
view = range_of(noisy)
panels("tutorial_noisy.png", [noisy], [view])
panels("tutorial_before_after.png", [noisy, clean], [view, view])
panels("tutorial_residual.png", [residual], [(-1200, 1200)])
panels("tutorial_compared.png", [noisy, read("gaussian.tif"), read("bm3d.tif")], [view] * 3)
wrong = [read(name) for name in ("blurred.tif", "timid.tif", "bold.tif")]
panels("methods_wrong.png", [*wrong, clean], [view] * 4)

part = (slice(48, 208), slice(48, 208))
slices = [read("stack.tif", part), read("alone.tif", part), read("stack_denoised.tif", part)]
panels("tutorial_stack.png", slices, [range_of(slices[0])] * 3)

part = (slice(60, 220), slice(60, 220))
kinds = [read_png(name, part) for name in ("gaussian.png", "photons.png", "uniform.png", "impulses.png")]
panels("noise_kinds.png", kinds, [(0, 255)] * 4)

striped = [read(name) for name in ("stripes.tif", "stripes_left.tif", "stripes_gone.tif")]
panels("recipes_stripes.png", striped, [range_of(striped[0])] * 3)
