"""make_large.py FILE PAGES SIDE: a stack of 16 bits as OME-Zarr, HDF5 or tiled BigTIFF, by the name of the file.

Page number i is a ramp along x with i added, so that a median leaves it alone."""
import json
import os
import sys

import h5py
import numpy
import tifffile
import zarr

path, pages, side = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])


def page(number):
    return (numpy.arange(side, dtype="uint16") + number)[None].repeat(side, 0)


if path.endswith(".zarr"):
    shape = (1, 1, pages, side, side)
    store = zarr.storage.DirectoryStore(os.path.join(path, "0"))
    array = zarr.create(shape, chunks=(1, 1, 1, 512, 512), dtype="<u2", compressor=None, store=store, dimension_separator="/")
    for number in range(pages):
        array[0, 0, number] = page(number)
    axes = [{"name": name, "type": kind} for name, kind in zip("tczyx", ("time", "channel", "space", "space", "space"))]
    datasets = [{"path": "0", "coordinateTransformations": [{"type": "scale", "scale": [1, 1, 1, 1, 1]}]}]
    json.dump({"multiscales": [{"version": "0.4", "axes": axes, "datasets": datasets}]}, open(os.path.join(path, ".zattrs"), "w"))
    json.dump({"zarr_format": 2}, open(os.path.join(path, ".zgroup"), "w"))
elif path.endswith(".h5"):
    with h5py.File(path, "w") as file:
        data = file.create_dataset("data", (pages, side, side), "<u2", chunks=(4, 256, 256))
        for number in range(0, pages, 4):
            data[number:number + 4] = numpy.stack([page(number + i) for i in range(4)])
else:
    with tifffile.TiffWriter(path, bigtiff=True) as writer:
        for number in range(pages):
            writer.write(page(number), tile=(256, 256), metadata=None, photometric="minisblack", contiguous=False)
