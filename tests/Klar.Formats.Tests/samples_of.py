"""samples_of.py TIFF AXES: the shape and the checksum of a TIFF file's only series with its axes in that order."""
import sys
import zlib

import numpy
import tifffile

with tifffile.TiffFile(sys.argv[1]) as tiff:
    (series,) = tiff.series
    samples, axes = series.asarray(), series.axes
    for axis in sys.argv[2]:
        if axis not in axes:
            samples, axes = samples[None], axis + axes
    samples = numpy.ascontiguousarray(samples.transpose([axes.index(axis) for axis in sys.argv[2]]))
    print("x".join(map(str, samples.shape)), samples.dtype, zlib.crc32(samples.astype(samples.dtype.newbyteorder("<")).tobytes()))
