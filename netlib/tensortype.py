"""What flows along an edge of the network: a tensor's type, without its batch axis."""

from dataclasses import dataclass
from math import prod
from typing import Any, Literal, get_args

from netlib.words import Message, words

Layout = Literal["vector", "sequence", "signal", "image", "volume", "tokens"]
DType = Literal["float32", "int64"]

AXES: dict[str, tuple[str, ...]] = {
    "vector": ("F",),
    "sequence": ("T", "F"),
    "signal": ("C", "L"),
    "image": ("C", "H", "W"),
    "volume": ("C", "D", "H", "W"),
    "tokens": ("T",),
}
"""Axis names of each layout, without the batch axis N."""

LAYOUT_NAMES: dict[str, str] = {
    "vector": words("a vector (F)", "向量（F）"),
    "sequence": words("a sequence (T × F)", "序列（T × F）"),
    "signal": words("a signal (C × L)", "一维信号（C × L）"),
    "image": words("an image (C × H × W)", "图像（C × H × W）"),
    "volume": words("a volume (C × D × H × W)", "体数据（C × D × H × W）"),
    "tokens": words("integer indices (T)", "整数索引（T）"),
}

MAX_DIM = 65_536
MAX_AXES = 4
MAX_ELEMENTS = 2**31
_FLOAT_LAYOUTS: tuple[Layout, ...] = ("vector", "sequence", "image", "volume")


def default_layout(rank: int, dtype: DType) -> Layout:
    """The layout that `rank` axes of `dtype` are read as when none is stated."""
    return "tokens" if dtype == "int64" else _FLOAT_LAYOUTS[rank - 1]


@dataclass(frozen=True, slots=True)
class TensorType:
    """Shape, dtype and layout of one sample; the batch axis N is implied, never stored.

    >>> str(TensorType((3, 32, 32))), TensorType((3, 32, 32)).layout
    ('3 × 32 × 32', 'image')
    """

    dims: tuple[int, ...]
    dtype: DType = "float32"
    layout: Layout = "vector"

    def __init__(self, dims: tuple[int, ...], dtype: DType = "float32", layout: Layout | None = None) -> None:
        object.__setattr__(self, "dims", dims)
        object.__setattr__(self, "dtype", dtype)
        object.__setattr__(self, "layout", layout or default_layout(len(dims), dtype))

    @property
    def numel(self) -> int:
        """Elements per sample."""
        return prod(self.dims)

    @property
    def nbytes(self) -> int:
        """Bytes per sample."""
        return self.numel * (8 if self.dtype == "int64" else 4)

    @property
    def channels(self) -> int:
        """Size of the axis that features lie on: C of images, signals and volumes, else the last."""
        return self.dims[0] if self.layout in SPATIAL else self.dims[-1]

    @property
    def spatial(self) -> tuple[int, ...]:
        """The axes a window moves over: (H, W) of an image, (L,) of a signal; () where there are none."""
        return self.dims[1:] if self.layout in SPATIAL else ()

    @property
    def axes(self) -> str:
        """Axis names, as in ``C × H × W``."""
        names = AXES[self.layout]
        return " × ".join(names if len(names) == len(self.dims) else ("…", *names[-len(self.dims) + 1 :]))

    def resized(self, *dims: int) -> "TensorType":
        """The same dtype and layout with other sizes."""
        return TensorType(dims, self.dtype, self.layout)

    def __str__(self) -> str:
        return " × ".join(f"{d:,}" for d in self.dims)


SPATIAL: frozenset[str] = frozenset({"signal", "image", "volume"})


def image(channels: int, height: int, width: int | None = None) -> TensorType:
    """(C, H, W)"""
    return TensorType((channels, height, height if width is None else width))


def sequence(steps: int, features: int) -> TensorType:
    """(T, F)"""
    return TensorType((steps, features))


def signal(channels: int, length: int) -> TensorType:
    """(C, L)"""
    return TensorType((channels, length), layout="signal")


def volume(channels: int, depth: int, height: int, width: int) -> TensorType:
    """(C, D, H, W)"""
    return TensorType((channels, depth, height, width))


def vector(features: int) -> TensorType:
    """(F,)"""
    return TensorType((features,))


def tokens(steps: int) -> TensorType:
    """(T,) of int64"""
    return TensorType((steps,), "int64")


_KEYS = words(
    'input takes "dims" (sizes without the batch), and where needed "dtype" and "layout"; got {got}',
    'input 接受 "dims"（不含批量的尺寸），需要时加 "dtype" 和 "layout"；收到 {got}',
)
_AXIS_COUNT = words(
    "input dims must have at least 1 and at most {most} dimensions (without the batch), got {got}",
    "input 的 dims 至少 1 个、最多 {most} 个维度（不含批量），收到 {got} 个",
)
_WHOLE = words("input dims must be whole numbers, got {got}", "input 的 dims 必须是整数，收到 {got}")
_LEAST = words("input {axis} must be at least 1, got {got}", "input 的 {axis} 至少为 1，收到 {got}")
_MOST = words(
    "input {axis} must be at most {most:,} (a limit of this app), got {got}",
    "input 的 {axis} 最多为 {most:,}（本应用的上限），收到 {got}",
)
_ELEMENTS = words(
    "the input may hold at most {most:,} numbers per sample, got {got:,}",
    "每个样本的输入最多 {most:,} 个数，收到 {got:,} 个",
)
_DTYPE = words(
    "input dtype must be float32 or int64, got {got}", "input 的 dtype 必须是 float32 或 int64，收到 {got}"
)
_LAYOUT = words(
    "input layout {layout} does not fit {rank} dimensions of {dtype}; {fits} would",
    "input 的 layout {layout} 与 {rank} 维 {dtype} 不符；可用 {fits}",
)

_AXIS_WORDS = {
    "C": words("channels", "通道数"),
    "H": words("height", "高度"),
    "W": words("width", "宽度"),
    "D": words("depth", "深度"),
    "L": words("length", "长度"),
    "T": words("sequence length", "序列长度"),
    "F": words("features", "特征数"),
}


def parse_input(value: Any) -> "TensorType | Message":
    """The tensor type that ``{"dims": [...], "dtype": ..., "layout": ...}`` describes, or why it describes none."""
    if isinstance(value, TensorType):
        value = {"dims": value.dims, "dtype": value.dtype, "layout": value.layout}
    if not isinstance(value, dict) or "dims" not in value or value.keys() - {"dims", "dtype", "layout"}:
        return Message(_KEYS, got=_brief(sorted(value) if isinstance(value, dict) else value))
    dims, dtype, layout = value["dims"], value.get("dtype", "float32"), value.get("layout")
    if dtype not in get_args(DType):
        return Message(_DTYPE, got=_brief(dtype))
    if not isinstance(dims, list | tuple) or not 1 <= len(dims) <= MAX_AXES:
        return Message(
            _AXIS_COUNT, most=MAX_AXES, got=len(dims) if isinstance(dims, list | tuple) else _brief(dims)
        )
    if any(type(d) is not int for d in dims):
        return Message(_WHOLE, got=_brief(list(dims)))
    fitting = _fitting(len(dims), dtype)
    if layout is not None and layout not in fitting:
        return Message(_LAYOUT, layout=_brief(layout), rank=len(dims), dtype=dtype, fits=" / ".join(fitting))
    made = TensorType(tuple(dims), dtype, layout)
    return _out_of_bounds(made) or made


def _fitting(rank: int, dtype: DType) -> tuple[Layout, ...]:
    if dtype == "int64":
        return ("tokens",)
    return ("sequence", "signal") if rank == 2 else (default_layout(rank, dtype),)


def _out_of_bounds(made: TensorType) -> Message | None:
    for name, size in zip(AXES[made.layout], made.dims, strict=False):
        if size < 1:
            return Message(_LEAST, axis=Message(_AXIS_WORDS[name]), got=size)
        if size > MAX_DIM:
            return Message(_MOST, axis=Message(_AXIS_WORDS[name]), most=MAX_DIM, got=_brief(size))
    if made.numel > MAX_ELEMENTS:
        return Message(_ELEMENTS, most=MAX_ELEMENTS, got=made.numel)
    return None


def _brief(value: object) -> str:
    """What came, short enough for a sentence, and never a number too long to print."""
    if isinstance(value, int) and abs(value) >= 10**12:
        return Message(words("a number of more than 12 digits", "超过 12 位的数"))
    try:
        text = repr(value)
    except (ValueError, RecursionError):
        return type(value).__name__
    return text if len(text) <= 60 else f"{text[:57]}…"
