"""Images from bytes, judged by what they hold and never by their name, made equal in size and channels."""

import io
from collections.abc import Sequence

import numpy as np
from numpy import ndarray
from PIL import Image, ImageOps, UnidentifiedImageError

from netlib.training.data.uploads.rules import (
    KEPT_SIDE,
    MOST_PIXELS,
    MOST_SIDE,
    MOST_STORED,
    SMALL_SIDE,
    Refusal,
)
from netlib.words import words

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP")
GREY = frozenset({"1", "L", "LA", "I", "I;16", "F"})

NO_IMAGE = words("no PNG, JPEG, BMP, GIF or WEBP image", "不是 PNG、JPEG、BMP、GIF 或 WEBP 图像")
HUGE = words("an image with too many pixels", "像素过多的图像")
STORED = words(
    "The images would take {got} MB here; at most {most} MB are kept. Bring fewer of them.",
    "这些图像将占用 {got} MB；最多保存 {most} MB。请减少数量。",
)


FAULTS = (
    *(UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError),
    *(KeyError, TypeError, IndexError, OverflowError, MemoryError),
)
"""What Pillow raises at bytes that are no image, or a damaged one."""


class NotAnImage(Exception):
    """Bytes that cannot be taken for an image; the text says why."""


def opened(data: bytes) -> Image.Image:
    """The first frame of an image, upright, grey or RGB on white; a large one cut to a square of `KEPT_SIDE`.

    Raises:
        NotAnImage: when it cannot be read, or is too large to be decoded.
    """
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if max(image.size) > MOST_SIDE or image.size[0] * image.size[1] > MOST_PIXELS:
                raise NotAnImage(HUGE)
            image.load()
            grey = image.mode in GREY
            upright = ImageOps.exif_transpose(image)
            return _plain(upright, grey)
    except NotAnImage:
        raise
    except Image.DecompressionBombError:
        raise NotAnImage(HUGE) from None
    except FAULTS:
        raise NotAnImage(NO_IMAGE) from None


def _plain(image: Image.Image, grey: bool) -> Image.Image:
    """Without transparency: black on transparent is black on white."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layer = image.convert("RGBA")
        white = Image.new("RGBA", layer.size, "white")
        image = Image.alpha_composite(white, layer)
    if image.mode in ("I", "I;16", "F"):
        values = np.asarray(image, dtype=np.float64)
        top = 65_535.0 if values.max(initial=0) > 255 else 255.0
        image = Image.fromarray((255 * np.clip(values / top, 0, 1)).round().astype(np.uint8))
    image = image.convert("L" if grey else "RGB")
    if (
        max(image.size) > KEPT_SIDE
    ):  # here and not at the end: thousands of large ones would not fit the memory
        return ImageOps.fit(image, (KEPT_SIDE, KEPT_SIDE), Image.Resampling.BILINEAR)
    return image


def stacked(images: Sequence[Image.Image]) -> ndarray:
    """Images (N, C, H, W) as bytes: as they are where all have one size that is small enough, else cut to squares.

    Raises:
        Refusal: when they would take too much room.
    """
    sizes = {image.size for image in images}
    width, height = next(iter(sizes))
    alike = len(sizes) == 1 and min(width, height) >= SMALL_SIDE and max(width, height) <= KEPT_SIDE
    if not alike:
        middle = int(np.median([min(image.size) for image in images]))
        width = height = KEPT_SIDE if middle >= KEPT_SIDE else 32
    mode = "L" if all(image.mode == "L" for image in images) else "RGB"
    total = len(images) * width * height * len(mode)
    if total > MOST_STORED:
        raise Refusal(STORED, got=total >> 20, most=MOST_STORED >> 20)
    found = np.empty((len(images), height, width, len(mode)), dtype=np.uint8)
    for place, image in enumerate(images):
        plain = image.convert(mode)
        if plain.size != (width, height):
            plain = ImageOps.fit(plain, (width, height), Image.Resampling.BILINEAR)
        found[place] = np.asarray(plain).reshape(height, width, len(mode))
    return np.ascontiguousarray(found.transpose(0, 3, 1, 2))
