"""make_lsm_stk.py FOLDER: files laid out like those of Zeiss' confocals (LSM) and of MetaMorph (STK).

Sample number i of an image, in the order t, z, c, y, x, has the value i // 9 % 1024. tifffile must see in them what they
are made to be."""
import os
import struct
import sys

import numpy
import tifffile

folder = sys.argv[1]


def samples(shape, kind="uint16"):
    return (numpy.arange(numpy.prod(shape)).reshape(shape) // 9 % 1024).astype(kind)


def tags_of(file):
    (at,) = struct.unpack_from("<I", file, 4)
    while at:
        (count,) = struct.unpack_from("<H", file, at)
        entries = [struct.unpack_from("<HHI", file, at + 2 + 12 * i) + (at + 10 + 12 * i,) for i in range(count)]
        yield [(tag, number, place) for tag, _, number, place in entries]
        (at,) = struct.unpack_from("<I", file, at + 2 + 12 * count)


def value_at(file, place):
    file.seek(place)
    return file.read(4)


def lsm(name, shape, **options):
    t, z, c, y, x = shape
    image, path = samples(shape), os.path.join(folder, name)
    info = bytearray(512)
    struct.pack_into("<2I6i", info, 0, 0x00400494C, len(info), x, y, z, c, t, 2)
    struct.pack_into("<3d", info, 40, 0.25e-6, 0.5e-6, 2e-6)
    struct.pack_into("<d", info, 112, 1.5)
    padding = bytes(70000)
    thumbnail = numpy.zeros((3, 16, 16), "uint8")
    with tifffile.TiffWriter(path, byteorder="<") as writer:
        for number, page in enumerate(image.reshape(t * z, c, y, x)):
            # tifffile takes one channel for a page, and several for planes of a page.
            planes = {"planarconfig": "separate"} if c > 1 else {}
            extra = [(65000, 1, len(padding), padding, True), (34412, 1, len(info), bytes(info), True)] if number == 0 else []
            writer.write(page if c > 1 else page[0], photometric="minisblack", extratags=extra, metadata=None, **planes, **options)
            writer.write(thumbnail, photometric="rgb", planarconfig="separate", subfiletype=1, metadata=None)
    with open(path, "r+b") as file:
        found = [(tag, count, value) for page in tags_of(file.read()) for tag, count, value in page]
        at = next(struct.unpack("<I", value_at(file, value))[0] for tag, _, value in found if tag == 34412)
        if c == 2:
            # Zeiss' programs write the place of two numbers where the numbers themselves would fit.
            file.seek(0, 2)
            bits = file.tell()
            file.write(struct.pack("<2H", 16, 16))
            for tag, count, value in found:
                if (tag, count) == (258, 2):
                    file.seek(value)
                    file.write(struct.pack("<I", bits))
        file.seek(0, 2)
        stamps = file.tell()
        file.write(struct.pack("<2i", 8 + 8 * t, t) + struct.pack(f"<{t}d", *(100 + 1.5 * i for i in range(t))))
        names = b"".join(struct.pack("<i", len(text) + 1) + text + b"\0" for text in (b"Ch1-T1", b"Ch2 T2")[:c])
        colours = file.tell()
        file.write(struct.pack("<6i", 24 + 4 * c + len(names), c, c, 24, 24 + 4 * c, 0))
        file.write(bytes((255, 0, 0, 0, 0, 255, 51, 0))[: 4 * c] + names)
        file.seek(at + 108)
        file.write(struct.pack("<I", colours))
        file.seek(at + 132)
        file.write(struct.pack("<I", stamps))
    with tifffile.TiffFile(path) as tiff:
        assert tiff.is_lsm, name
        assert numpy.array_equal(tiff.series[0].asarray().ravel(), image.transpose(0, 1, 2, 3, 4).ravel()) or c > 1
        print(name, tiff.series[0].axes, "x".join(map(str, tiff.series[0].shape)))


def stk(name, order, depth):
    planes, height, width = 5, 40, 50
    kind = numpy.dtype("uint16").newbyteorder(order)
    data = samples((planes, height, width), kind).tobytes()
    file = bytearray(struct.pack(order + "2sHI", b"II" if order == "<" else b"MM", 42, 0))

    def put(block):
        at = len(file)
        file.extend(block + b"\0" * (len(block) % 2))
        return at

    first = put(data)
    rational = lambda value: put(struct.pack(order + "2I", round(value * 1000), 1000))
    text = lambda value: put(struct.pack(order + "I", len(value) + 1) + value + b"\0")
    pairs = [(4, rational(0.25)), (5, rational(0.25)), (6, text(b"um")), (7, text(b"a stack"))]
    uic1 = put(b"".join(struct.pack(order + "2I", *pair) for pair in pairs))
    day = 2460344  # 3 February 2024
    uic2 = put(b"".join(struct.pack(order + "6I", 1500 if depth else 0, 1000, day, 1000 * (60 + 2 * i), day, 0) for i in range(planes)))
    uic3 = put(struct.pack(order + "2I", 525, 1) * planes)
    uic4 = put(bytes(8))
    tags = [
        (254, 4, 1, 0), (256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 16), (259, 3, 1, 1), (262, 3, 1, 1),
        (273, 4, 1, first), (277, 3, 1, 1), (278, 4, 1, height), (279, 4, 1, 2 * height * width),
        (33628, 4, len(pairs), uic1), (33629, 5, planes, uic2), (33630, 5, planes, uic3), (33631, 4, planes, uic4)]
    directory = b""
    for tag, kind_, count, value in tags:
        value = struct.pack(order + "HH", value, 0) if kind_ == 3 else struct.pack(order + "I", value)
        directory += struct.pack(order + "HHI", tag, kind_, count) + value
    at = put(struct.pack(order + "H", len(tags)) + directory + bytes(4))
    struct.pack_into(order + "I", file, 4, at)
    path = os.path.join(folder, name)
    open(path, "wb").write(file)
    with tifffile.TiffFile(path) as tiff:
        print(name, tiff.series[0].axes, "x".join(map(str, tiff.series[0].shape)), tiff.is_stk)


lsm("series.lsm", (3, 4, 2, 40, 50))
lsm("packed.lsm", (1, 4, 2, 40, 50), compression="zlib", predictor=True)
lsm("one channel.lsm", (6, 1, 1, 40, 50))
stk("depth.stk", "<", True)
stk("time.tif", "<", False)
