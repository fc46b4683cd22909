"""levels_of.py FILE: the shape of each level of a TIFF file's only series, and the range of its samples."""
import sys

import tifffile

with tifffile.TiffFile(sys.argv[1]) as tiff:
    (series,) = tiff.series
    for level in series.levels:
        samples = level.asarray()
        print("x".join(map(str, level.shape)), f"{samples.min()}..{samples.max()}")
