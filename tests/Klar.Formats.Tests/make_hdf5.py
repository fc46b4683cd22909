"""make_hdf5.py FOLDER: HDF5 files as h5py writes them, one of them laid out like Imaris'.

Sample number i of a dataset has the value i // 9 % 1024."""
import os
import sys

import h5py
import numpy

folder = sys.argv[1]


def samples(shape, kind):
    return (numpy.arange(numpy.prod(shape)).reshape(shape) // 9 % 1024).astype(kind)


with h5py.File(os.path.join(folder, "one.h5"), "w") as file:
    data = file.create_dataset("exported_data", data=samples((2, 3, 40, 50), ">u2"), chunks=(1, 2, 17, 23), compression="gzip", shuffle=True)
    for dimension, name in zip(data.dims, "czyx"):
        dimension.label = name
    data.attrs["element_size_um"] = [2.0, 0.25, 0.5]

with h5py.File(os.path.join(folder, "many sets.h5"), "w", userblock_size=512) as file:
    file["raw/volume"] = samples((3, 40, 50), "<f4")
    file["raw/mask"] = samples((40, 50), "|u1")
    file["signed"] = samples((2, 2, 4, 5), ">i2")
    file["doubles"] = samples((4, 5), "<f8")
    file["table"] = numpy.arange(7)
    file["text"] = "no image"
    file.create_dataset("empty", (0, 4, 5), "<u2")

with h5py.File(os.path.join(folder, "sparse.h5"), "w") as file:
    data = file.create_dataset("data", (2, 40, 50), "<u2", chunks=(1, 20, 50), fillvalue=7)
    data[0, :20] = 1

with h5py.File(os.path.join(folder, "links.h5"), "w") as file:
    file["a"] = samples((4, 5), "<u2")
    file["loop"] = h5py.SoftLink("/")
    file["gone"] = h5py.SoftLink("/nowhere")

# Twenty gigabytes that are not there.
with h5py.File(os.path.join(folder, "huge.h5"), "w") as file:
    file.create_dataset("data", (5000, 1448, 1448), "<u2", chunks=(1, 1448, 1448))

letters = lambda text: numpy.array([c.encode() for c in str(text)], "S1")
width, height, slices = 50, 40, 3
with h5py.File(os.path.join(folder, "x.ims"), "w") as file:
    image = file.create_group("DataSetInfo/Image")
    about = {
        "X": width, "Y": height, "Z": slices, "ExtMin0": 10, "ExtMax0": 10 + width / 4, "ExtMin1": 0, "ExtMax1": height / 4,
        "ExtMin2": -1, "ExtMax2": -1 + slices * 2, "Unit": "um", "Name": "cells in a dish", "RecordingDate": "2024-02-03 04:05:06.000"}
    for name, value in about.items():
        image.attrs[name] = letters(value)
    times = file.create_group("DataSetInfo/TimeInfo")
    times.attrs["DatasetTimePoints"] = letters(3)
    for t in range(3):
        times.attrs[f"TimePoint{t + 1}"] = letters(f"2024-02-03 04:05:{6 + 5 * t:02d}.500")
    for c, (name, colour, emission) in enumerate((("DAPI", "0 0 1", 460), ("GFP", "0.000 1.000 0.000", 525.5))):
        channel = file.create_group(f"DataSetInfo/Channel {c}")
        for key, value in {"Name": name, "Color": colour, "LSMEmissionWavelength": emission, "LSMExcitationWavelength": emission - 50}.items():
            channel.attrs[key] = letters(value)
    whole = samples((3, 2, slices, height, width), "<u2")
    for t in range(3):
        for c in range(2):
            group = file.create_group(f"DataSet/ResolutionLevel 0/TimePoint {t}/Channel {c}")
            for key, value in {"ImageSizeX": width, "ImageSizeY": height, "ImageSizeZ": slices}.items():
                group.attrs[key] = letters(value)
            padded = numpy.pad(whole[t, c], ((0, 1), (0, 24), (0, 14)))
            group.create_dataset("Data", data=padded, chunks=(4, 32, 32), compression="gzip")
            file.create_dataset(f"DataSet/ResolutionLevel 1/TimePoint {t}/Channel {c}/Data", data=padded[:, ::2, ::2])
