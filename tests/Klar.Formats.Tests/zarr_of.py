"""zarr_of.py FOLDER: what an OME-Zarr says and holds: axes, units, scales, channels, and each level's shape, type and
checksum.

Version 2 of Zarr is read by Debian's python3-zarr; version 3, which that does not know, from its specification."""
import itertools
import json
import os
import sys
import zlib

import numcodecs
import numpy
import zarr

folder = sys.argv[1]


def version_3(path):
    with open(os.path.join(path, "zarr.json")) as file:
        about = json.load(file)
    assert (about["zarr_format"], about["node_type"]) == (3, "array")
    assert about["dimension_names"] == ["t", "c", "z", "y", "x"]
    chunk = about["chunk_grid"]["configuration"]["chunk_shape"]
    array = numpy.full([-(-s // c) * c for s, c in zip(about["shape"], chunk)], about["fill_value"], about["data_type"])
    first, *others = about["codecs"]
    assert first == {"name": "bytes", "configuration": {"endian": "little"}}
    for place in itertools.product(*(range(-(-s // c)) for s, c in zip(about["shape"], chunk))):
        name = os.path.join(path, "c", *map(str, place))
        if os.path.exists(name):
            data = open(name, "rb").read()
            for codec in reversed(others):
                data = numcodecs.get_codec({"id": codec["name"]}).decode(data)
            part = numpy.frombuffer(data, array.dtype.newbyteorder("<")).reshape(chunk)
            array[tuple(slice(i * c, (i + 1) * c) for i, c in zip(place, chunk))] = part
    return array[tuple(map(slice, about["shape"]))]


if os.path.exists(os.path.join(folder, "zarr.json")):
    with open(os.path.join(folder, "zarr.json")) as file:
        attributes = json.load(file)["attributes"]["ome"]
    assert attributes["version"] == "0.5"
    open_level = version_3
else:
    attributes = zarr.open(folder, "r").attrs.asdict()
    assert attributes["multiscales"][0]["version"] == "0.4"
    open_level = lambda path: zarr.open(path, "r")[...]

(image,) = attributes["multiscales"]
print(image["name"], *(axis["name"] + (":" + axis["unit"] if "unit" in axis else "") for axis in image["axes"]))
print(*(f'{channel.get("label", "-")}:{channel["color"]}' for channel in attributes["omero"]["channels"]))
for level in image["datasets"]:
    (scale,) = level["coordinateTransformations"]
    samples = numpy.ascontiguousarray(open_level(os.path.join(folder, level["path"])))
    checksum = zlib.crc32(samples.astype(samples.dtype.newbyteorder("<")).tobytes())
    print(*(f"{factor:g}" for factor in scale["scale"]), "x".join(map(str, samples.shape)), samples.dtype, checksum)
