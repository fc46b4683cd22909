"""make_layouts.py FOLDER: TIFF files in tiles, compressed, and with smaller copies, as tifffile writes them."""
import os
import sys

import numpy
import tifffile

folder = sys.argv[1]
random = numpy.random.default_rng(2)
wide = random.integers(0, 60000, (3, 150, 170)).astype("uint16")
colour = random.integers(0, 255, (150, 170, 3)).astype("uint8")
small = random.integers(0, 60000, (2, 60, 70)).astype("uint16")


def put(name, samples, **options):
    tifffile.imwrite(os.path.join(folder, name), samples, **{"metadata": None, **options})


def halved(page):
    return page[: page.shape[0] // 2 * 2 : 2, : page.shape[1] // 2 * 2 : 2]


put("tiles.tif", wide, tile=(32, 64), photometric="minisblack")
put("tiles_deflate.tif", wide, tile=(32, 32), compression="zlib", photometric="minisblack")
put("tiles_predicted.tif", wide, tile=(32, 32), compression="zlib", predictor=True, photometric="minisblack")
put("tiles_big_endian.tif", wide, tile=(32, 32), byteorder=">", photometric="minisblack")
put("tiles_rgb.tif", colour, tile=(48, 48), photometric="rgb")
put("tiles_planar.tif", numpy.moveaxis(colour, -1, 0), tile=(48, 48), photometric="rgb", planarconfig="separate")
put("tiles_bits.tif", wide[0] > 30000, tile=(32, 32), photometric="minisblack")
put("tiles_float.tif", wide[0].astype("float32"), tile=(32, 32), compression="zlib", photometric="minisblack")
put("big_tiles.tif", wide, tile=(32, 32), bigtiff=True, photometric="minisblack")
put("strips_deflate.tif", small, compression="zlib", photometric="minisblack")

for name, options in (("pyramid.tif", {}), ("big_pyramid.tif", {"bigtiff": True})):
    with tifffile.TiffWriter(os.path.join(folder, name), **options) as writer:
        for page in wide:
            writer.write(page, subifds=2, tile=(32, 32), photometric="minisblack", metadata=None)
            writer.write(halved(page), subfiletype=1, tile=(32, 32), photometric="minisblack", metadata=None)
            writer.write(halved(halved(page)), subfiletype=1, tile=(32, 32), photometric="minisblack", metadata=None)

with tifffile.TiffWriter(os.path.join(folder, "reduced_pages.tif")) as writer:
    writer.write(colour, tile=(32, 32), photometric="rgb", metadata=None)
    writer.write(halved(colour), subfiletype=1, tile=(32, 32), photometric="rgb", metadata=None)
    writer.write(halved(halved(colour)), subfiletype=1, tile=(32, 32), photometric="rgb", metadata=None)

# Aperio's slides: levels are not marked as such, and a thumbnail, a label and an overview are pages as well.
with tifffile.TiffWriter(os.path.join(folder, "slide.svs")) as writer:
    says = {"photometric": "rgb", "metadata": None}
    writer.write(colour, tile=(32, 32), description="Aperio Image Library v1\n170x150 |AppMag = 20", **says)
    writer.write(colour[::3, ::3], description="Aperio Image Library v1\n170x150 -> 57x50", **says)
    writer.write(halved(halved(colour)), tile=(32, 32), description="Aperio Image Library v1", **says)
    writer.write(colour[:40, :40], subfiletype=1, description="Aperio Image Library v1\nlabel 40x40", **says)
