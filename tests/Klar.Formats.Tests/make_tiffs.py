"""make_tiffs.py FOLDER: TIFF files of many kinds, as tifffile writes them."""
import os
import struct
import sys

import numpy
import tifffile

folder = sys.argv[1]
random = numpy.random.default_rng(1)


def put(name, samples, **options):
    tifffile.imwrite(os.path.join(folder, name), samples, **options)


for kind in ("uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64"):
    wide = random.integers(0, 100, (3, 21, 34)).astype(kind)
    put(f"pages_{kind}.tif", wide, photometric="minisblack", metadata=None)
    put(f"big_endian_{kind}.tif", wide, photometric="minisblack", metadata=None, byteorder=">")
samples = random.integers(0, 60000, (2, 40, 50)).astype("uint16")
put("bigtiff.tif", samples, bigtiff=True, photometric="minisblack", metadata=None)
put("tiled.tif", random.integers(0, 60000, (70, 90)).astype("uint16"), tile=(32, 32), photometric="minisblack", metadata=None)
put("deflate_predicted.tif", samples, compression="zlib", predictor=True, photometric="minisblack", metadata=None)
put("lzw_big_endian.tif", samples, compression="zlib", byteorder=">", photometric="minisblack", metadata=None)
put("planar_rgb.tif", random.integers(0, 255, (3, 20, 30)).astype("uint8"), photometric="rgb", planarconfig="separate", metadata=None)
put("rgb16.tif", random.integers(0, 60000, (20, 30, 3)).astype("uint16"), photometric="rgb", metadata=None)
put("hyperstack.tif", random.integers(0, 60000, (4, 3, 2, 16, 18)).astype("uint16"), imagej=True, resolution=(1 / 0.108, 1 / 0.108),
    metadata={"axes": "TZCYX", "unit": "um", "spacing": 0.3, "finterval": 2.5, "min": 10.0, "max": 900.0, "Labels": [f"page {i}" for i in range(24)]})
put("one_directory.tif", random.integers(0, 60000, (5, 16, 18)).astype("uint16"), imagej=True, truncate=True, metadata={"axes": "TYX"})
put("set.ome.tif", random.integers(0, 60000, (2, 4, 3, 16, 18)).astype("uint16"),
    metadata={"axes": "CTZYX", "PhysicalSizeX": 0.25, "PhysicalSizeXUnit": "µm", "PhysicalSizeY": 0.25, "PhysicalSizeYUnit": "µm", "Channel": {"Name": ["DAPI", "GFP"]}})

# A look-up table of 256 colours beside 16 bits, as ImageJ writes it.
colours = [(320, 3, 768, tuple(int(value) for value in random.integers(0, 65535, 768)), False)]
for order, name in (("<", "colours16.tif"), (">", "colours16_big_endian.tif")):
    put(name, samples, photometric="minisblack", metadata=None, description="ImageJ=1.53f\nimages=2\n", byteorder=order, extratags=colours)

# What ImageJ keeps of pages and channels, with overlays on all pages, on page 4, and on channel 2 at frame 2.
def overlay(page=0, channel=0, frame=0):
    first = b"Iout" + struct.pack(">hBB4hh", 228, 1, 0, 1, 2, 9, 8, 0) + bytes(38) + struct.pack(">ii", page, 64)
    return first + struct.pack(">4i", 0, channel, 0, frame) + bytes(48)


for kind, order in (("uint8", "<"), ("uint16", ">")):
    tables = [numpy.zeros((3, 256), "uint8"), numpy.zeros((3, 256), "uint8")]
    tables[0][1], tables[1][0] = numpy.arange(256), numpy.arange(256)
    put(f"composite_{kind}.tif", random.integers(0, 255, (2, 2, 16, 18)).astype(kind), imagej=True, byteorder=order,
        metadata={"axes": "TCYX", "mode": "composite", "Ranges": (10.0, 90.0, 20.0, 80.5), "LUTs": tables, "Labels": ["a", "b", "c", "d"], "Info": "k=v",
                  "Overlays": [overlay(), overlay(page=4), overlay(channel=2, frame=2)]})

# Every photometric interpretation, of ImageJ and of other programs.
gray = random.integers(0, 255, (24, 37)).astype("uint8")
ramp = numpy.arange(256, dtype="uint16") * 257
green = numpy.stack([0 * ramp, ramp, 0 * ramp])
marked = numpy.stack([ramp, ramp, ramp])
marked[:, 0], marked[:, 255] = (0, 0, 65535), (65535, 0, 0)  # saturation shown in blue and red
put("palette_imagej.tif", numpy.stack([gray] * 3), imagej=True, photometric="palette", colormap=random.integers(0, 65535, (3, 256)).astype("uint16"))
put("palette_gray.tif", gray, photometric="palette", colormap=numpy.stack([ramp] * 3), metadata=None)
put("palette_green.tif", numpy.stack([gray] * 2), photometric="palette", colormap=green, metadata=None)
put("palette_marked.tif", gray, photometric="palette", colormap=marked, metadata=None)
for kind in ("uint8", "uint16", "int16", "float32"):
    put(f"miniswhite_{kind}.tif", gray.astype(kind), photometric="miniswhite", description="ImageJ=1.54f\n", metadata=None)
put("miniswhite_deflate.tif", gray, photometric="miniswhite", compression="zlib", metadata=None)
put("one_bit_white.tif", gray > 99, photometric="miniswhite", metadata=None)
put("one_bit_black.tif", gray > 99, photometric="minisblack", metadata=None)
put("one_bit_stack.tif", numpy.stack([gray > 99, gray > 199]), photometric="miniswhite", metadata=None)
colours4 = random.integers(0, 255, (24, 37, 4)).astype("uint8")
put("cmyk.tif", colours4, photometric="separated", metadata=None)
for kind in ("cielab", "icclab", "ycbcr"):
    put(f"{kind}.tif", colours4[..., :3], photometric=kind, metadata=None)

# Not among those that come back whole: LibTiff.NET does not read it.
os.makedirs(os.path.join(folder, "lost"), exist_ok=True)
put("lost/bigtiff_big_endian.tif", samples, bigtiff=True, photometric="minisblack", metadata=None, byteorder=">")

# What becomes another type, or is refused.
put("lost/float16.tif", random.normal(0, 1, (24, 37)).astype("float16"), metadata=None)
put("lost/float16_big_endian.tif", random.normal(0, 1, (24, 37)).astype("float16"), metadata=None, byteorder=">")
put("lost/complex64.tif", (gray + 1j * gray).astype("complex64"), metadata=None)
put("lost/uint64.tif", gray.astype("uint64"), metadata=None)
put("lost/uint64_bigtiff_big_endian.tif", gray.astype("uint64"), bigtiff=True, byteorder=">", metadata=None)
put("lost/int64.tif", gray.astype("int64"), metadata=None)
put("lost/palette_of_colours.tif", gray, photometric="palette", colormap=random.integers(0, 65535, (3, 256)).astype("uint16"), metadata=None)
