"""Images from bytes, judged by what they hold and never by their name, made equal in size and channels."""

import io
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy import ndarray
from PIL import Image, ImageOps, UnidentifiedImageError

from netlib.training.data.uploads.pixels import as_bytes, scale_of
from netlib.training.data.uploads.rules import (
    KEPT_SIDE,
    MOST_DECODED,
    MOST_PIXELS,
    MOST_SIDE,
    MOST_STORED,
    SMALL_SIDE,
    Refusal,
)
from netlib.training.data.uploads.scaling import Size
from netlib.words import words

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP")
GREY = frozenset({"1", "L", "LA", "I", "I;16", "F"})

NO_IMAGE = words("no PNG, JPEG, BMP, GIF or WEBP image", "不是 PNG、JPEG、BMP、GIF 或 WEBP 图像")
HUGE = words("an image with too many pixels", "像素过多的图像")
PIXELS = words(
    "The images have more than {most:,} million pixels in all, which would take too long to read. "
    "Make them smaller first: more than 64 × 64 is not kept.",
    "图像总共超过 {most:,} 百万像素，读取会太久。请先缩小图像：超过 64 × 64 的部分不会保留。",
)
STORED = words(
    "The images would take {got} MB here; at most {most} MB are kept. Bring fewer of them.",
    "这些图像将占用 {got} MB；最多保存 {most} MB。请减少数量。",
)


FAULTS = (
    *(UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError),
    *(KeyError, TypeError, IndexError, OverflowError, MemoryError),
)
"""What Pillow raises at bytes that are no image, or a damaged one."""


BEGINNINGS = (b"\x89PNG", b"\xff\xd8\xff", b"BM", b"GIF8", b"RIFF")
"""The first bytes of a file in one of these formats."""
BEGINNING = 4


def may_be_image(beginning: bytes) -> bool:
    """Whether a file that begins so can be an image: what cannot need not be unpacked."""
    return beginning.startswith(BEGINNINGS)


class Picture(NamedTuple):
    """An image as `opened` makes it, and the width and height that it had upright in its file."""

    image: Image.Image
    size: Size


class NotAnImage(Exception):
    """Bytes that cannot be taken for an image; the text says why."""


class Decoder:
    """Makes images from bytes, until they have had more pixels in all than may be decoded."""

    def __init__(self) -> None:
        self.left = MOST_DECODED

    def opened(self, data: bytes | bytearray) -> Picture:
        """The picture in the bytes, as `opened` makes it.

        Raises:
            NotAnImage: when it cannot be read, or is too large to be decoded.
            Refusal: when the images have had too many pixels in all.
        """
        return opened(data, self._count)

    def _count(self, pixels: int) -> None:
        self.left -= pixels
        if self.left < 0:
            raise Refusal(PIXELS, most=MOST_DECODED // 10**6)


def opened(data: bytes | bytearray, count: Callable[[int], None] | None = None) -> Picture:
    """The first frame of an image, upright, grey or RGB on white; a large one cut to a square of `KEPT_SIDE`.

    Args:
        data: the file.
        count: is told the number of pixels before they are decoded.

    Raises:
        NotAnImage: when it cannot be read, or is too large to be decoded.
    """
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if max(image.size) > MOST_SIDE or image.size[0] * image.size[1] > MOST_PIXELS:
                raise NotAnImage(HUGE)
            width, height = image.size
            if image.format == "JPEG":  # which can be decoded small at once
                image.draft(image.mode, (2 * KEPT_SIDE, 2 * KEPT_SIDE))
            if count is not None:
                count(image.size[0] * image.size[1])
            image.load()
            grey = image.mode in GREY
            upright = ImageOps.exif_transpose(image)
            turned = upright.size != image.size
            return Picture(_plain(upright, grey), (height, width) if turned else (width, height))
    except (NotAnImage, Refusal):
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
    width, height = next(iter(sizes)) if len(sizes) == 1 else (0, 0)
    middle = int(np.median([min(image.size) for image in images]))
    mode = "L" if all(image.mode == "L" for image in images) else "RGB"
    found = _room(len(images), *_kept((width, height), middle), len(mode))
    for place, image in enumerate(images):
        _put(found[place], image.convert(mode))
    return np.ascontiguousarray(found.transpose(0, 3, 1, 2))


def framed(frames: ndarray) -> ndarray:
    """Images (N, H, W, C) in any usual range as bytes (N, C, H, W), made small one at a time where they are large.

    Raises:
        Refusal: when they would take too much room, or their pixels are in no usual range.
    """
    height, width, channels = frames.shape[1:]
    found = _room(len(frames), *_kept((width, height), min(width, height)), channels)
    scale = scale_of(frames)
    if found.shape == frames.shape:
        found = as_bytes(frames, scale)
    else:
        for place in range(len(frames)):
            frame = np.ascontiguousarray(as_bytes(frames[place : place + 1], scale)[0])
            _put(found[place], Image.fromarray(frame[..., 0] if channels == 1 else frame))
    return np.ascontiguousarray(found.transpose(0, 3, 1, 2))


def _kept(size: tuple[int, int], middle: int) -> tuple[int, int]:
    """Height and width of images as they are kept: their own where all have one of use, else those of a square."""
    width, height = size
    if min(width, height) >= SMALL_SIDE and max(width, height) <= KEPT_SIDE:
        return height, width
    return (KEPT_SIDE, KEPT_SIDE) if middle >= KEPT_SIDE else (32, 32)


def _room(count: int, height: int, width: int, channels: int) -> ndarray:
    total = count * height * width * channels
    if total > MOST_STORED:
        raise Refusal(STORED, got=total >> 20, most=MOST_STORED >> 20)
    return np.empty((count, height, width, channels), dtype=np.uint8)


def _put(place: ndarray, image: Image.Image) -> None:
    height, width, channels = place.shape
    if image.size != (width, height):
        image = ImageOps.fit(image, (width, height), Image.Resampling.BILINEAR)
    place[...] = np.asarray(image).reshape(height, width, channels)
