"""compare_tiffs.py A B [--samples]: what tifffile finds different in two TIFF files; nothing if they agree.

Axes, shapes, sample types, byte order, every tag that is not the packing's own, ImageJ's and OME's metadata; with --samples the samples too."""
import re
import sys

import numpy
import tifffile

PACKING = {273, 278, 279, 322, 323, 324, 325, 338, 339, 277, 259, 284, 266}  # where and how samples lie


def values(tag):
    value = tag.value
    if tag.dtype in (5, 10):  # rationals: the number counts, to the precision of a float
        numbers = numpy.array(value, float).reshape(-1, 2)
        return [float(f"{a / b:.6g}") if b else None for a, b in numbers]
    return numpy.asarray(value).tolist() if not isinstance(value, dict) else {k: str(v) for k, v in value.items()}


def without_uuids(xml):
    xml = re.sub(r"urn:uuid:[-0-9a-f]{36}", "urn:uuid:*", xml)
    xml = re.sub(r'FileName="[^"]*"', 'FileName="*"', xml)
    xml = re.sub(r"<Description>[^<]*</Description>", "", xml)
    return re.sub(r"\s+/>|/>", " />", re.sub(r"\s+", " ", xml)).replace("'", '"').replace(' encoding="utf-8"', ' encoding="UTF-8"')


a, b = tifffile.TiffFile(sys.argv[1]), tifffile.TiffFile(sys.argv[2])
found = []
if (a.byteorder, a.is_bigtiff, len(a.pages)) != (b.byteorder, b.is_bigtiff, len(b.pages)):
    found.append(f"file: {a.byteorder} big {a.is_bigtiff} {len(a.pages)} pages, {b.byteorder} big {b.is_bigtiff} {len(b.pages)} pages")
for s, t in zip(a.series, b.series):
    if (s.axes, s.shape, s.dtype) != (t.axes, t.shape, t.dtype):
        found.append(f"series: {s.axes} {s.shape} {s.dtype}, {t.axes} {t.shape} {t.dtype}")
    if "--samples" in sys.argv and a.pages[0].compression in (1, 8, 32946) and not numpy.array_equal(s.asarray(), t.asarray(), equal_nan=s.dtype.kind == "f"):
        found.append("samples differ")
a, b = tifffile.TiffFile(sys.argv[1]), tifffile.TiffFile(sys.argv[2])
a.pages.useframes = b.pages.useframes = False
for number, (p, q) in enumerate(zip(a.pages, b.pages)):
    for tag in p.tags.values():
        other = q.tags.get(tag.code)
        if tag.code in PACKING:
            continue
        if other is None:
            found.append(f"page {number}: {tag.name} is lost")
        elif tag.code == 270 and "<OME" in str(tag.value):
            if without_uuids(tag.value) != without_uuids(other.value):
                found.append(f"page {number}: {without_uuids(tag.value)}\n  {without_uuids(other.value)}")
        elif values(tag) != values(other):
            found.append(f"page {number}: {tag.name} {str(tag.value)[:200]}, {str(other.value)[:200]}")
print("\n".join(found))
