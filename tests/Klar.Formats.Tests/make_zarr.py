"""Makes golden/zarr.zip: one OME-Zarr 0.4 of each codec. Sample number i of an array has the value i // 9 % 1024.

Made with Debian 12's python3-zarr 2.13.6 and numcodecs 0.11.0: python3 make_zarr.py golden/zarr.zip
"""
import json
import os
import sys
import tempfile
import zipfile

import numcodecs
import numpy
import zarr

SMALL, LARGE = ((2, 2, 2, 40, 50), (1, 1, 2, 32, 32)), ((1, 1, 2, 160, 200), (1, 1, 2, 160, 150))
BLOSC = numcodecs.Blosc
CASES = {
    "none": (SMALL, "<u2", None, {}),
    "gzip": (SMALL, "<u2", numcodecs.GZip(5), {}),
    "zlib": (SMALL, "|u1", numcodecs.Zlib(5), {}),
    "zstd": (SMALL, ">u2", numcodecs.Zstd(3), {}),
    "lz4": (SMALL, "<f4", numcodecs.LZ4(), {}),
    "blosc_lz4_bytes": (LARGE, "<u2", BLOSC("lz4", 5, BLOSC.SHUFFLE, 8192), {}),
    "blosc_lz4hc_bits": (LARGE, "<f4", BLOSC("lz4hc", 5, BLOSC.BITSHUFFLE), {}),
    "blosc_zstd_bits": (LARGE, "<u2", BLOSC("zstd", 3, BLOSC.BITSHUFFLE, 8192), {}),
    "blosc_zstd_bytes": (SMALL, "<f8", BLOSC("zstd", 3, BLOSC.SHUFFLE), {}),
    "blosc_zlib_plain": (SMALL, "<u2", BLOSC("zlib", 5, BLOSC.NOSHUFFLE), {}),
    "blosc_copied": (SMALL, "<i4", BLOSC("lz4", 0, BLOSC.SHUFFLE), {}),
    "blosc_blosclz": (SMALL, "<u2", BLOSC("blosclz", 5, BLOSC.SHUFFLE), {}),
    "columns": (SMALL, "<u2", None, {"order": "F", "dimension_separator": "."}),
}
AXES = [
    {"name": "t", "type": "time", "unit": "second"},
    {"name": "c", "type": "channel"},
    {"name": "z", "type": "space", "unit": "micrometer"},
    {"name": "y", "type": "space", "unit": "micrometer"},
    {"name": "x", "type": "space", "unit": "micrometer"},
]
SCALE = [{"type": "scale", "scale": [0.5, 1, 2, 0.25, 0.25]}]

with tempfile.TemporaryDirectory() as folder:
    for name, ((shape, chunks), dtype, codec, options) in CASES.items():
        options = {"dimension_separator": "/", **options}
        path = os.path.join(folder, name + ".ome.zarr")
        store = zarr.storage.DirectoryStore(os.path.join(path, "0"))
        array = zarr.create(shape, chunks=chunks, dtype=dtype, compressor=codec, store=store, fill_value=7, **options)
        values = numpy.arange(numpy.prod(shape)).reshape(shape) // 9 % 1024
        array[...] = values.astype(dtype)
        levels = [{"path": "0", "coordinateTransformations": SCALE}]
        channels = [{"label": f"dye {c}", "color": "00FF33"} for c in range(shape[1])]
        attributes = {
            "multiscales": [{"version": "0.4", "name": name, "axes": AXES, "datasets": levels}],
            "omero": {"channels": channels},
        }
        with open(os.path.join(path, ".zattrs"), "w") as file:
            json.dump(attributes, file)
        with open(os.path.join(path, ".zgroup"), "w") as file:
            json.dump({"zarr_format": 2}, file)
    with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as archive:
        for root, _, files in sorted(os.walk(folder)):
            for file in sorted(files):
                path = os.path.join(root, file)
                archive.writestr(zipfile.ZipInfo(os.path.relpath(path, folder)), open(path, "rb").read(), zipfile.ZIP_DEFLATED)
