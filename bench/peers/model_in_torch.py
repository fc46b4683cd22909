#!/usr/bin/env python3
"""Runs a model of `klar train` in PyTorch: proof that names, shapes and metadata are what they say.

  /usr/bin/python3 bench/peers/model_in_torch.py MODEL.safetensors NOISY.tif DENOISED.tif      prints how far klar's result lies from PyTorch's

Grey images whose sides are multiples of 32, and no larger than one of klar's tiles (384). Needs Debian's python3-torch and python3-tifffile. The file is read by
the format's definition; safetensors.torch.load_file, where it is installed, gives the same tensors.
"""
import json
import struct
import sys

import numpy
import tifffile
import torch

from unet_torch import UNet

with open(sys.argv[1], "rb") as file:
    header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
    numbers = file.read()
meta = header.pop("__metadata__")
tensors = {
    name: torch.from_numpy(numpy.frombuffer(numbers[slice(*entry["data_offsets"])], "<f4").reshape(entry["shape"]).copy())
    for name, entry in header.items()
}
net = UNet(int(meta["klar.channels"]), float(meta["klar.slope"]))
order = [net.first, *net.down, net.deep]
for up, one, two in zip(net.up, net.one, net.two):
    order += [up, one, two]
order += [*net.out, net.last]
assert len(tensors) == 2 * len(order)
for n, layer in enumerate(order):
    layer.load_state_dict({"weight": tensors[f"{n}.weight"], "bias": tensors[f"{n}.bias"]})
black, white = float(meta["klar.black"]), float(meta["klar.white"])
noisy, klar = (tifffile.imread(name).astype("f4") for name in sys.argv[2:4])
with torch.no_grad():
    result = net(torch.from_numpy((noisy - black) / (white - black))[None, None])[0, 0].numpy() * (white - black) + black
print(f"{meta['klar.method']}: the largest difference is {abs(result - klar).max():.5f} grey levels, PyTorch took out {(noisy - result).std():.3f} (standard deviation)")
