"""make_ome_set.py FOLDER: an image in two OME-TIFF files, one for each frame; its planes are 100 c + 10 z + t."""
import os
import sys

import numpy
import tifffile

folder = sys.argv[1]
uuids = [f"urn:uuid:00000000-0000-0000-0000-00000000000{t}" for t in range(2)]
places = "".join(
    f'<TiffData FirstC="{c}" FirstZ="{z}" FirstT="{t}" IFD="{3 * c + z}" PlaneCount="1">'
    f'<UUID FileName="frame {t}.ome.tif">{uuids[t]}</UUID></TiffData>' for t in range(2) for c in range(2) for z in range(3))
for t in range(2):
    xml = (
        f'<?xml version="1.0" encoding="UTF-8"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06" UUID="{uuids[t]}">'
        '<Image ID="Image:0"><Pixels ID="Pixels:0" DimensionOrder="XYTZC" Type="uint16" SizeX="6" SizeY="5" SizeC="2" SizeZ="3" SizeT="2">'
        f'<Channel ID="Channel:0:0" Name="a"/><Channel ID="Channel:0:1" Name="b"/>{places}</Pixels></Image></OME>')
    planes = numpy.array([[100 * c + 10 * z + t for z in range(3)] for c in range(2)], "uint16").reshape(6, 1, 1)
    tifffile.imwrite(os.path.join(folder, f"frame {t}.ome.tif"), planes * numpy.ones((6, 5, 6), "uint16"), description=xml, metadata=None, photometric="minisblack")
