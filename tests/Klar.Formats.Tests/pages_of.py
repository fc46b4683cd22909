"""pages_of.py FILE: the shapes of all pages of a TIFF file."""
import sys

import tifffile

with tifffile.TiffFile(sys.argv[1]) as tiff:
    print(*("x".join(map(str, page.shape)) for page in tiff.pages))
