"""What layers with a moving window share: per-axis sizes, output-size formulas, their rules.

Formulas: Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", 2016, and the
shape sections of torch.nn's documentation.
"""

from functools import lru_cache
from typing import Any

from netlib.block import Repair
from netlib.errors import Rejected
from netlib.formula import Formula, Quantity, ceil_div
from netlib.knob import Size, field
from netlib.reach import Window
from netlib.tensortype import Layout
from netlib.words import Message, words

LAYOUT_OF_RANK: dict[int, Layout] = {1: "signal", 2: "image", 3: "volume"}
AXIS_NAMES: dict[int, tuple[str, ...]] = {1: ("L",), 2: ("H", "W"), 3: ("D", "H", "W")}

OUTPUT = Formula(
    lambda i, p, d, k, s: (i + 2 * p - d * (k - 1) - 1) // s + 1, i="i", p="p", d="d", k="k", s="s"
)
OUTPUT_CEIL = Formula(
    lambda i, p, d, k, s: ceil_div(i + 2 * p - d * (k - 1) - 1, s) + 1, i="i", p="p", d="d", k="k", s="s"
)
OUTPUT_CEIL_CUT = Formula(
    lambda i, p, d, k, s: ceil_div(i + 2 * p - d * (k - 1) - 1, s) + 1 - 1, i="i", p="p", d="d", k="k", s="s"
)
"""`ceil_mode`, where the last window would start in the right padding and is left out."""
KEPT = Formula(lambda i: i, i="i")

_TOO_SMALL = words(
    "kernel_size {k} does not fit: the padded input has {have} cells along {axis} ({i} + 2·{p}), the window needs {need}",
    "kernel_size {k} 放不下：沿 {axis} 轴填充后的输入有 {have} 格（{i} + 2·{p}），窗口需要 {need} 格",
)
_TOO_SMALL_DILATED = words(
    "kernel_size {k} with dilation {d} does not fit: it reaches over {need} cells, the padded input has {have} along {axis}"
    " ({i} + 2·{p})",
    "kernel_size {k} 加 dilation {d} 放不下：它跨 {need} 格，沿 {axis} 轴填充后的输入只有 {have} 格（{i} + 2·{p}）",
)
_SMALLER_HINT = words(
    "Use a smaller kernel, less dilation, or more padding.", "改用更小的卷积核、更小的膨胀率或更多填充。"
)
_SET = words("set {field} = {value}", "设 {field} = {value}")
_UNREAD_ONE = words(
    "1 cell along {axis} is never read: the last window ends before it",
    "沿 {axis} 轴有 1 格从未被读取：最后一个窗口在它之前结束",
)
_UNREAD = words(
    "{count} cells along {axis} are never read: the last window ends before them",
    "沿 {axis} 轴有 {count} 格从未被读取：最后一个窗口在它们之前结束",
)

KERNEL = words("Kernel size", "卷积核大小")
STRIDE = words("Stride", "步长")
PADDING = words("Padding", "填充")
DILATION = words("Dilation", "膨胀率")


def kernel_field(start: int = 3) -> Any:
    """The required ``kernel_size`` of a windowed layer."""
    return field(
        Size(
            label=KERNEL,
            help=words("How many cells the window covers along each axis.", "窗口沿每个轴覆盖多少格。"),
            symbol="k",
            lo=1,
            hi=1_024,
            start=start,
        )
    )


def stride_field() -> Any:
    """``stride``, 1 by default."""
    return field(
        Size(
            label=STRIDE,
            help=words("How many cells the window moves at a time.", "窗口每次移动多少格。"),
            symbol="s",
            lo=1,
            hi=1_024,
        ),
        1,
    )


def padding_field(keywords: tuple[str, ...] = ()) -> Any:
    """``padding`` on each side, 0 by default."""
    return field(
        Size(
            label=PADDING,
            help=words("Cells added on each side before the window moves.", "窗口移动前在每一侧补上的格数。"),
            symbol="p",
            lo=0,
            hi=1_024,
            keywords=keywords,
        ),
        0,
    )


def dilation_field() -> Any:
    """``dilation``, 1 by default."""
    return field(
        Size(
            label=DILATION,
            help=words("Distance between neighbouring cells of the kernel.", "卷积核相邻格之间的距离。"),
            symbol="d",
            lo=1,
            hi=1_024,
            rare=True,
        ),
        1,
    )


def per_axis(value: Any, rank: int) -> tuple[int, ...]:
    """A size as one entry an axis."""
    return value if isinstance(value, tuple) else (value,) * rank


def check_fits(axis: str, i: int, k: int, p: int, d: int, repairs: tuple[Repair, ...] | None = None) -> None:
    """Refuse a window that is larger than the padded input.

    Args:
        repairs: what to offer; without them, a padding or kernel that fits along this axis.

    Raises:
        Rejected: naming the axis and both sizes.
    """
    need, have = d * (k - 1) + 1, i + 2 * p
    if need <= have:
        return
    fixes = list(repairs or ())
    if repairs is None:
        wanted = -(-(need - i) // 2)
        if wanted <= 1_024:
            fixes.append(Repair(Message(_SET, field="padding", value=wanted), changes=(("padding", wanted),)))
        if d == 1:
            fixes.append(
                Repair(Message(_SET, field="kernel_size", value=have), changes=(("kernel_size", have),))
            )
        else:
            fixes.append(Repair(Message(_SET, field="dilation", value=1), changes=(("dilation", 1),)))
    template = _TOO_SMALL if d == 1 else _TOO_SMALL_DILATED
    raise Rejected(
        template,
        hint=Message(_SMALLER_HINT),
        field="kernel_size",
        fixes=tuple(fixes),
        **({"d": d} if d > 1 else {}),
        k=k,
        axis=axis,
        have=have,
        need=need,
        i=i,
        p=p,
    )


@lru_cache(maxsize=16_384)
def swept(axis: str, i: int, window: Window) -> Quantity:
    """The output size along an axis of `i` cells that a window is moved over, rounded down.

    Raises:
        Rejected: when the window does not fit.
    """
    check_fits(axis, i, window.kernel, window.padding, window.dilation)
    return OUTPUT(i=i, p=window.padding, d=window.dilation, k=window.kernel, s=window.stride)


def unread_notes(
    axes: tuple[str, ...], sizes: tuple[int, ...], windows: list[Window], outputs: tuple[int, ...]
) -> tuple[Message, ...]:
    """A note for each axis that has cells, not only padding, which no window reads."""
    notes = []
    for axis, i, w, o in zip(axes, sizes, windows, outputs, strict=True):
        if w.stride > 1:
            lost = i + w.padding - ((o - 1) * w.stride + w.dilation * (w.kernel - 1) + 1)
            if lost > 0:
                notes.append(Message(_UNREAD_ONE if lost == 1 else _UNREAD, count=lost, axis=axis))
    return tuple(notes)
