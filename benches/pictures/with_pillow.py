"""Pillow: `draft` lets libjpeg make the picture smaller while it is decoded."""

import sys

from PIL import Image, ImageOps

count, folder, *files = sys.argv[1:]
for number in range(int(count)):
    with Image.open(files[number % len(files)]) as picture:
        picture.draft("RGB", (1280, 1280))
        large = ImageOps.exif_transpose(picture)
        large.thumbnail((1280, 1280), Image.Resampling.LANCZOS)
    small = large.copy()
    small.thumbnail((320, 320), Image.Resampling.LANCZOS)
    for name, made in (("large", large), ("small", small)):
        made.save(f"{folder}/{number}-{name}.jpg", quality=82)
        made.save(f"{folder}/{number}-{name}.webp", quality=78, method=1)
