"""Axes, sizes and type of a file's only OME series, as tifffile reads them."""
import sys

import tifffile

with tifffile.TiffFile(sys.argv[1]) as tiff:
    (series,) = tiff.series
    assert tiff.is_ome
    print(series.axes, "x".join(map(str, series.shape)), series.dtype)
