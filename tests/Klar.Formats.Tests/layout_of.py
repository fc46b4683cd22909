"""layout_of.py FILE: a line for each series of a TIFF file, as tifffile sees it.

Its shape and type, whether it is a BigTIFF, the compression, predictor and tile of its first page, the sizes of its
levels, and a checksum of all samples of the first level; "-" for what is not there. Prints nothing of what it cannot
decode but "?"."""
import sys
import zlib

import numpy
import tifffile

with tifffile.TiffFile(sys.argv[1]) as tiff:
    for series in tiff.series:
        page = series.pages[0]
        tile = f"{page.tilewidth}x{page.tilelength}" if page.is_tiled else "-"
        levels = " ".join("x".join(map(str, level.shape)) for level in series.levels[1:]) or "-"
        try:
            samples = numpy.ascontiguousarray(series.asarray())
            samples = samples.astype(samples.dtype.newbyteorder("<"))
            checksum = zlib.crc32(samples.tobytes())
        except ValueError:
            checksum = "?"
        print(
            "x".join(map(str, series.shape)), series.dtype, "big" if tiff.is_bigtiff else "classic", tiff.byteorder,
            page.compression.name, page.predictor, tile, "|", levels, "|", checksum)
