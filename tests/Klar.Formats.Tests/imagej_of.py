"""imagej_of.py FILE: labels, ranges, look-up tables (red and green of white), overlays (page, channel, frame) and the description's range, as tifffile reads them."""
import struct
import sys

import tifffile


def several(values):
    return values if isinstance(values, list) else [values]


with tifffile.TiffFile(sys.argv[1]) as file:
    found = file.imagej_metadata
    print(" ".join(several(found["Labels"])))
    print(" ".join(f"{value:g}" for value in found["Ranges"]))
    print(" ".join(f"{table[0][255]},{table[1][255]}" for table in several(found["LUTs"])))
    print(" ".join("%d,%d,%d" % (*struct.unpack(">i", one[56:60]), *struct.unpack(">4i", one[64:80])[1::2]) for one in several(found["Overlays"])))
    print(found.get("min"), found.get("max"), "map" if "ColorMap" in file.pages[0].tags else "no map", found["Info"])
