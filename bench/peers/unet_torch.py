#!/usr/bin/env python3
"""Times a training step of the UNet of Noise2Noise and Neighbor2Neighbor in PyTorch: what a user would run instead of `klar train`.

  /usr/bin/python3 bench/peers/unet_torch.py --threads 2                        noise2noise and neighbor2neighbor, 4 gray crops of 256 x 256
  /usr/bin/python3 bench/peers/unet_torch.py --threads 2 --channels 3 --channels-last

Needs Debian's python3-torch. Prints the median of the steps in milliseconds. Run it alone: it uses every core it is given.
"""
import argparse
import statistics
import time

import torch
from torch import nn
from torch.nn import functional as F


class UNet(nn.Module):
    def __init__(self, channels, slope, width=48, levels=5):
        super().__init__()
        self.slope = slope
        self.first = nn.Conv2d(channels, width, 3, padding=1)
        self.down = nn.ModuleList([nn.Conv2d(width, width, 3, padding=1) for _ in range(levels)])
        self.deep = nn.Conv2d(width, width, 3, padding=1)
        into = [width] + [2 * width] * (levels - 1)
        beside = [width] * (levels - 1) + [channels]
        self.up = nn.ModuleList([nn.ConvTranspose2d(i, i, 2, stride=2) for i in into])
        self.one = nn.ModuleList([nn.Conv2d(i + s, 2 * width, 3, padding=1) for i, s in zip(into, beside)])
        self.two = nn.ModuleList([nn.Conv2d(2 * width, 2 * width, 3, padding=1) for _ in into])
        self.out = nn.ModuleList([nn.Conv2d(2 * width, 2 * width, 1), nn.Conv2d(2 * width, 2 * width, 1)])
        self.last = nn.Conv2d(2 * width, channels, 1)

    def forward(self, x):
        def leaky(z):
            return F.leaky_relu(z, self.slope, inplace=True)

        skips = [x]
        z = leaky(self.first(x))
        for layer in self.down:
            z = F.max_pool2d(leaky(layer(z)), 2)
            skips.append(z)
        z = leaky(self.deep(skips.pop()))
        for up, one, two in zip(self.up, self.one, self.two):
            z = leaky(two(leaky(one(torch.cat([up(z), skips.pop()], 1)))))
        for layer in self.out:
            z = leaky(layer(z))
        return self.last(z)


def noise2noise(net, y):
    return F.mse_loss(net(y), y.flip(0))


def neighbor2neighbor(net, y):
    # One of the eight ordered pairs for all cells: as much work as a draw for each.
    first, second = (lambda p: p[..., ::2, ::2].contiguous()), (lambda p: p[..., ::2, 1::2].contiguous())
    with torch.no_grad():
        whole = net(y)
    out = net(first(y))
    off = out - second(y)
    return (off ** 2).mean() + ((off - (first(whole) - second(whole))) ** 2).mean()


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--threads", type=int, default=2)
    a.add_argument("--channels", type=int, default=1)
    a.add_argument("--batch", type=int, default=4)
    a.add_argument("--size", type=int, default=256)
    a.add_argument("--steps", type=int, default=7)
    a.add_argument("--channels-last", action="store_true")
    o = a.parse_args()
    torch.set_num_threads(o.threads)
    torch.manual_seed(0)
    y = torch.rand(o.batch, o.channels, o.size, o.size)
    for name, loss_of, slope, betas in (("noise2noise", noise2noise, 0.1, (0.9, 0.99)), ("neighbor2neighbor", neighbor2neighbor, 0.2, (0.9, 0.999))):
        net = UNet(o.channels, slope)
        if o.channels_last:
            net, y = net.to(memory_format=torch.channels_last), y.contiguous(memory_format=torch.channels_last)
        adam = torch.optim.Adam(net.parameters(), lr=3e-4, betas=betas)
        times = []
        for step in range(o.steps + 2):
            start = time.perf_counter()
            loss = loss_of(net, y)
            adam.zero_grad()
            loss.backward()
            adam.step()
            if step >= 2:
                times.append(1e3 * (time.perf_counter() - start))
        print(f"{name}: {statistics.median(times):.0f} ms a step (torch {torch.__version__}, {o.threads} threads, {o.batch} x {o.channels} x {o.size} x {o.size}, "
              f"{sum(p.numel() for p in net.parameters())} parameters{', channels last' if o.channels_last else ''})")


if __name__ == "__main__":
    main()
