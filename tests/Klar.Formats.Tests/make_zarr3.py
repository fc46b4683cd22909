"""make_zarr3.py FOLDER: OME-Zarr 0.5 on Zarr version 3, written from the specification with numcodecs' codecs.

Sample number i of an array has the value i // 9 % 1024; missing chunks are 7."""
import itertools
import json
import os
import struct
import sys

import numcodecs
import numpy

SHAPE = (2, 2, 3, 40, 50)
LITTLE = {"name": "bytes", "configuration": {"endian": "little"}}
ZSTD = {"name": "zstd", "configuration": {"level": 3, "checksum": False}}
SHUFFLED = {"cname": "zstd", "clevel": 5, "shuffle": "shuffle", "typesize": 2, "blocksize": 0}
BLOSC = {"name": "blosc", "configuration": SHUFFLED}
CRC = {"name": "crc32c"}


def sharded(inner, codecs, location, index=(LITTLE, CRC)):
    return [{"name": "sharding_indexed", "configuration": {
        "chunk_shape": inner, "codecs": codecs, "index_codecs": list(index), "index_location": location}}]


# Name: shape, axes, chunks, type, codecs, names of chunks, chunks left out.
CASES = {
    "plain": (SHAPE, "tczyx", (1, 1, 1, 40, 50), "<u2", [LITTLE], None, ()),
    "gzip big endian": (SHAPE, "tczyx", (1, 2, 2, 17, 23), ">u2", [
        {"name": "bytes", "configuration": {"endian": "big"}}, {"name": "gzip", "configuration": {"level": 5}}], None, ()),
    "zstd": (SHAPE, "tczyx", (1, 1, 2, 32, 32), "<f4", [LITTLE, ZSTD, CRC], None, ()),
    "blosc": (SHAPE, "tczyx", (1, 1, 2, 32, 32), "<u2", [LITTLE, BLOSC], "v2", ()),
    "transposed": ((3, 40, 50), "cyx", (2, 30, 20), "<i4", [
        {"name": "transpose", "configuration": {"order": [2, 0, 1]}}, LITTLE, ZSTD], None, ()),
    "flat": ((40, 50), "yx", (16, 16), "|u1", [{"name": "bytes"}], None, ()),
    "shards": (SHAPE, "tczyx", (1, 2, 2, 32, 64), "<u2", sharded((1, 1, 1, 16, 32), [LITTLE, ZSTD], "end"), None, ()),
    "shards at start": (SHAPE, "tczyx", (2, 2, 4, 64, 64), "<u2",
        sharded((1, 1, 2, 32, 32), [LITTLE], "start", [LITTLE]), None, ()),
    "missing": (SHAPE, "tczyx", (1, 1, 1, 20, 50), "<u2", [LITTLE], None, ((0, 0, 0, 1, 0),)),
    "missing in shard": (SHAPE, "tczyx", (1, 1, 1, 40, 50), "<u2",
        sharded((1, 1, 1, 20, 50), [LITTLE, ZSTD], "end"), None, ((0, 0, 0, 1, 0),)),
}


def crc32c(data):
    value = 0xFFFFFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
    return struct.pack("<I", value ^ 0xFFFFFFFF)


def encoded(part, codecs):
    data = None
    for codec in codecs:
        name, options = codec["name"], codec.get("configuration", {})
        if name == "transpose":
            part = part.transpose(options["order"])
        elif name == "bytes":
            data = numpy.ascontiguousarray(part).tobytes()
        elif name == "crc32c":
            data += crc32c(data)
        elif name == "blosc":
            data = numcodecs.Blosc("zstd", 5, numcodecs.Blosc.SHUFFLE).encode(numpy.frombuffer(data, part.dtype))
        else:
            data = numcodecs.get_codec({"id": name, "level": options["level"]}).encode(data)
    return bytes(data)


def grid(shape, chunk):
    return itertools.product(*(range(-(-size // step)) for size, step in zip(shape, chunk)))


def cut(samples, place, chunk):
    part = samples[tuple(slice(i * step, (i + 1) * step) for i, step in zip(place, chunk))]
    return numpy.pad(part, [(0, step - size) for size, step in zip(part.shape, chunk)])


def shard(samples, place, chunk, options, left_out):
    inner, data, index = options["chunk_shape"], b"", []
    for one in grid(chunk, inner):
        whole = tuple(p * (c // i) + o for p, c, i, o in zip(place, chunk, inner, one))
        part = None if whole in left_out else encoded(cut(samples, whole, inner), options["codecs"])
        index += [2**64 - 1] * 2 if part is None else [len(data), len(part)]
        data += part or b""
    at_start = options["index_location"] == "start"
    table = numpy.array(index, "<u8")
    if at_start:
        shift = table.nbytes + 4 * (len(options["index_codecs"]) - 1)
        table[::2][table[::2] != 2**64 - 1] += shift
    table = encoded(table, options["index_codecs"])
    return table + data if at_start else data + table


for name, (shape, axes, chunk, kind, codecs, names, left_out) in CASES.items():
    path = os.path.join(sys.argv[1], name + ".ome.zarr")
    samples = (numpy.arange(numpy.prod(shape)).reshape(shape) // 9 % 1024).astype(kind)
    for place in grid(shape, chunk):
        if place in left_out and codecs[0]["name"] != "sharding_indexed":
            continue
        data = (shard(samples, place, chunk, codecs[0]["configuration"], left_out)
            if codecs[0]["name"] == "sharding_indexed" else encoded(cut(samples, place, chunk), codecs))
        key = ".".join(map(str, place)) if names == "v2" else os.path.join("c", *map(str, place))
        file = os.path.join(path, "0", key)
        os.makedirs(os.path.dirname(file), exist_ok=True)
        open(file, "wb").write(data)
    array = {
        "zarr_format": 3, "node_type": "array", "shape": shape, "data_type": numpy.dtype(kind).newbyteorder("=").name,
        "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": chunk}},
        "chunk_key_encoding": {"name": names or "default"}, "fill_value": 7, "codecs": codecs}
    types = {"t": "time", "c": "channel"}
    scale = [{"type": "scale", "scale": [0.5 if axis in "yx" else 1 for axis in axes]}]
    ome = {"version": "0.5", "multiscales": [{
        "axes": [{"name": axis, "type": types.get(axis, "space"), "unit": "micrometer"} for axis in axes],
        "datasets": [{"path": "0", "coordinateTransformations": scale}]}]}
    group = {"zarr_format": 3, "node_type": "group", "attributes": {"ome": ome}}
    json.dump(group, open(os.path.join(path, "zarr.json"), "w"))
    json.dump(array, open(os.path.join(path, "0", "zarr.json"), "w"))
