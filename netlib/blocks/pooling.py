"""Pooling: a window moves over the input and keeps the largest or the mean value under it."""

from collections.abc import Iterator
from typing import Any, ClassVar

from netlib.block import Case, Leaf, Measured, Repair
from netlib.errors import Rejected
from netlib.formula import Quantity
from netlib.knob import Size, Switch, Whole, field
from netlib.nodes import Call, call
from netlib.reach import Window
from netlib.tensortype import Layout, TensorType, image, sequence, signal, volume
from netlib.windows import (
    AXIS_NAMES,
    LAYOUT_OF_RANK,
    OUTPUT,
    OUTPUT_CEIL,
    OUTPUT_CEIL_CUT,
    STRIDE,
    check_fits,
    dilation_field,
    kernel_field,
    padding_field,
    per_axis,
    unread_notes,
)
from netlib.words import Message, words

_HALF = words(
    "padding must be at most half of kernel_size: {p} is more than half of {k}",
    "padding 最多为 kernel_size 的一半：{p} 大于 {k} 的一半",
)
_HALF_HINT = words(
    "With more padding, some windows would hold nothing but padding.", "填充再多，有的窗口里就只剩填充了。"
)
_UNPADDED = words(
    "kernel_size {k} is larger than the input, which has {i} cells along {axis}"
    " (AvgPool3d counts them before padding)",
    "kernel_size {k} 大于输入：沿 {axis} 轴只有 {i} 格（AvgPool3d 按填充前计）",
)
_SET = words("set {field} = {value}", "设 {field} = {value}")
_SET_BOTH = words(
    "set kernel_size = {kernel} and padding = {padding}", "设 kernel_size = {kernel}、padding = {padding}"
)


def pooled_size(i: int, k: int, s: int, p: int, d: int, ceil_mode: bool) -> Quantity:
    """How many windows there are along an axis, as PyTorch counts them.

    With `ceil_mode` the last window may hang over the end, but must start inside the input or the
    padding before it (ATen/native/Pool.h, `pooling_output_shape_pad_lr`).
    """
    if not ceil_mode:
        return OUTPUT(i=i, p=p, d=d, k=k, s=s)
    size = OUTPUT_CEIL(i=i, p=p, d=d, k=k, s=s)
    return size if (size.value - 1) * s < i + p else OUTPUT_CEIL_CUT(i=i, p=p, d=d, k=k, s=s)


def merged_axes(values: tuple[int, ...]) -> int | tuple[int, ...]:
    """One number where all axes agree, else a number an axis."""
    return values[0] if len(set(values)) == 1 else values


def said(value: int | tuple[int, ...]) -> str:
    """A size as JSON writes it."""
    return str(value) if isinstance(value, int) else str(list(value))


def pool_stride_field() -> Any:
    """``stride``, by default as far as the window is wide."""
    return field(
        Size(
            label=STRIDE,
            help=words(
                "How many cells the window moves at a time; left empty, as many as it is wide.",
                "窗口每次移动多少格；留空则等于窗口宽度。",
            ),
            symbol="s",
            lo=1,
            hi=1_024,
            optional=True,
        ),
        None,
    )


def ceil_field() -> Any:
    """``ceil_mode``, off by default."""
    return field(
        Switch(
            label=words("Round up", "向上取整"),
            help=words(
                "Let a last window hang over the end instead of leaving cells out.",
                "允许最后一个窗口超出末端，而不是丢掉剩下的格。",
            ),
            rare=True,
        ),
        False,
    )


class _Pool(Leaf):
    """What both ways of pooling share."""

    kernel_size: Any = kernel_field(start=2)
    stride: Any = pool_stride_field()
    padding: Any = padding_field()
    ceil_mode: bool = ceil_field()

    settings: ClassVar[tuple[str, ...]] = ("stride", "padding", "ceil_mode")

    def lower(self, x: TensorType) -> Call:
        return call(f"nn.{self.kind}", kernel_size=self.kernel_size, **self.changed(*self.settings))

    def windows(self) -> list[tuple[int, int, int, int]]:
        """(kernel, stride, padding, dilation) an axis."""
        stride = self.kernel_size if self.stride is None else self.stride
        settings = (self.kernel_size, stride, self.padding, getattr(self, "dilation", 1))
        return list(zip(*(per_axis(v, self.rank) for v in settings), strict=True))

    def measure(self, x: TensorType) -> Measured:
        axes, windows = AXIS_NAMES[self.rank], self.windows()
        if any(p > k // 2 for k, _, p, _ in windows):
            raise self._too_much_padding(x)
        self._check_unpadded(x)
        sizes = []
        for axis, i, (k, s, p, d) in zip(axes, x.spatial, windows, strict=True):
            size = pooled_size(i, k, s, p, d, self.ceil_mode)
            if size.value < 1:
                check_fits(axis, i, k, p, d, self._smaller(x))
            sizes.append((axis, size))
        out = tuple(size.value for _, size in sizes)
        moves = [Window(*window) for window in windows]
        return Measured(
            x.resized(x.dims[0], *out),
            size=tuple(sizes),
            moves=tuple(moves),
            keeps_input=True,
            keeps_bytes=self._kept(x.dims[0], out),
            notes=unread_notes(axes, x.spatial, moves, out),
        )

    def _check_unpadded(self, x: TensorType) -> None:
        pass

    def _kept(self, channels: int, out: tuple[int, ...]) -> int:
        return 0

    def _too_much_padding(self, x: TensorType) -> Rejected:
        windows = self.windows()
        k, p = next((k, p) for k, _, p, _ in windows if p > k // 2)
        most = merged_axes(tuple(min(p, k // 2) for k, _, p, _ in windows))
        fix = Repair(Message(_SET, field="padding", value=said(most)), changes=(("padding", most),))
        return Rejected(
            _HALF, hint=Message(_HALF_HINT), field="padding", fixes=(fix, *self._smaller(x)), p=p, k=k
        )

    def _smaller(self, x: TensorType) -> tuple[Repair, ...]:
        """The largest kernel that fits into the bare input along every axis, and the padding that goes with it."""
        fitting = [
            min(k, (i - 1) // d + 1) for i, (k, _, _, d) in zip(x.spatial, self.windows(), strict=True)
        ]
        kernel = merged_axes(tuple(fitting))
        padding = merged_axes(
            tuple(min(p, k // 2) for k, (_, _, p, _) in zip(fitting, self.windows(), strict=True))
        )
        if per_axis(padding, self.rank) == per_axis(self.padding, self.rank):
            label = Message(_SET, field="kernel_size", value=said(kernel))
            return (Repair(label, changes=(("kernel_size", kernel),)),)
        label = Message(_SET_BOTH, kernel=said(kernel), padding=said(padding))
        return (Repair(label, changes=(("kernel_size", kernel), ("padding", padding))),)


class _MaxPool(_Pool):
    """Keep the largest value under the window."""

    dilation: Any = dilation_field()

    settings: ClassVar[tuple[str, ...]] = ("stride", "padding", "dilation", "ceil_mode")

    def _kept(self, channels: int, out: tuple[int, ...]) -> int:
        """Backward keeps where each maximum lay."""
        return TensorType((channels, *out), "int64").nbytes


class _AvgPool(_Pool):
    """Keep the mean of the values under the window."""

    count_include_pad: bool = field(
        Switch(
            label=words("Count padding", "计入填充"),
            help=words("Divide by the whole window, padding included.", "除以整个窗口的格数，包括填充。"),
            rare=True,
        ),
        True,
    )

    settings: ClassVar[tuple[str, ...]] = ("stride", "padding", "ceil_mode", "count_include_pad")


def divisor_field() -> Any:
    """``divisor_override``, none by default."""
    return field(
        Whole(
            label=words("Divisor", "除数"),
            help=words(
                "Divide the sum by this instead of the number of cells.", "把总和除以这个数，而不是格数。"
            ),
            lo=1,
            optional=True,
            rare=True,
        ),
        None,
    )


class MaxPool1d(
    _MaxPool,
    kind="MaxPool1d",
    label=words("Max pooling 1-D", "一维最大池化"),
    about=words("Keep the largest value of each stretch of a signal.", "保留信号每一段中的最大值。"),
    category="pooling",
):
    rank: ClassVar[int] = 1
    accepts: ClassVar[tuple[Layout, ...]] = (LAYOUT_OF_RANK[1],)

    @classmethod
    def cases(cls) -> Iterator[Case]:
        # ceil((21 + 2 − 3) / 2) + 1 = 11
        yield Case(
            cls(kernel_size=3, stride=2, padding=1, ceil_mode=True), signal(4, 21), signal(4, 11), 0, 0
        )
        yield Case(
            cls(kernel_size=3),
            signal(4, 21),
            signal(4, 7),
            0,
            0,
            by_hand=lambda model, x: x.unflatten(2, (7, 3)).amax(3),
        )
        yield Case(cls(kernel_size=2), sequence(5, 7), because="MaxPool1d takes a signal")


class MaxPool2d(
    _MaxPool,
    kind="MaxPool2d",
    label=words("Max pooling 2-D", "二维最大池化"),
    about=words("Keep the largest value under each window of an image.", "保留图像每个窗口中的最大值。"),
    category="pooling",
):
    accepts: ClassVar[tuple[Layout, ...]] = (LAYOUT_OF_RANK[2],)

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(cls(kernel_size=2), image(10, 24), image(10, 12), 0, 0, by_hand=_largest_of_four)
        # an odd size loses its last row and column: floor((7 − 2) / 2) + 1 = 3
        yield Case(cls(kernel_size=2), image(30, 7), image(30, 3), 0, 0)
        # GoogLeNet halves 112 to 56 by rounding up, and with padding it needs not to
        yield Case(cls(kernel_size=3, stride=2, ceil_mode=True), image(64, 112), image(64, 56), 0, 0)
        yield Case(cls(kernel_size=3, stride=2, padding=1), image(64, 112), image(64, 56), 0, 0)
        # the fourth window would start at 6, past the 5 cells: ceil((5 − 2) / 3) + 1 = 2
        yield Case(cls(kernel_size=2, stride=3, ceil_mode=True), image(4, 5), image(4, 2), 0, 0)
        # ceil((3 + 2 − 2) / 2) + 1 = 3 windows, but the third would start at 4 = 3 + 1, behind the input
        yield Case(cls(kernel_size=2, padding=1, ceil_mode=True), image(2, 3), image(2, 2), 0, 0)
        # reaches of 5 and 4 cells: floor((17 + 2 − 5) / 2) + 1 = 8, (19 − 4) / 1 + 1 = 16
        yield Case(
            cls(kernel_size=(3, 2), stride=(2, 1), padding=(1, 0), dilation=(2, 3)),
            image(4, 17, 19),
            image(4, 8, 16),
            0,
            0,
        )
        yield Case(cls(kernel_size=64), image(3, 32), because="kernel_size 64 does not fit")
        yield Case(cls(kernel_size=2, padding=2), image(3, 32), because="at most half of kernel_size")
        yield Case(cls(kernel_size=(4, 3), padding=1, dilation=(3, 2)), image(3, 2, 7), because="along H")


def _largest_of_four(_model: Any, x: Any) -> Any:
    top, bottom = x[:, :, ::2], x[:, :, 1::2]
    return top.maximum(bottom)[..., ::2].maximum(top.maximum(bottom)[..., 1::2])


class MaxPool3d(
    _MaxPool,
    kind="MaxPool3d",
    label=words("Max pooling 3-D", "三维最大池化"),
    about=words("Keep the largest value under each window of a volume.", "保留体数据每个窗口中的最大值。"),
    category="pooling",
):
    rank: ClassVar[int] = 3
    accepts: ClassVar[tuple[Layout, ...]] = (LAYOUT_OF_RANK[3],)

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(cls(kernel_size=2), volume(4, 8, 9, 10), volume(4, 4, 4, 5), 0, 0)
        yield Case(cls(kernel_size=5, padding=2), volume(3, 4, 4, 1), volume(3, 1, 1, 1), 0, 0)
        yield Case(cls(kernel_size=4), volume(3, 8, 8, 3), because="along W")


class AvgPool1d(
    _AvgPool,
    kind="AvgPool1d",
    label=words("Average pooling 1-D", "一维平均池化"),
    about=words("The mean of each stretch of a signal.", "信号每一段的平均值。"),
    category="pooling",
):
    rank: ClassVar[int] = 1
    accepts: ClassVar[tuple[Layout, ...]] = (LAYOUT_OF_RANK[1],)

    @classmethod
    def cases(cls) -> Iterator[Case]:
        # ceil((21 + 4 − 4) / 3) + 1 = 8
        yield Case(cls(kernel_size=4, stride=3, padding=2, ceil_mode=True), signal(4, 21), signal(4, 8), 0, 0)
        yield Case(cls(kernel_size=2), signal(4, 1), because="does not fit")


class AvgPool2d(
    _AvgPool,
    kind="AvgPool2d",
    label=words("Average pooling 2-D", "二维平均池化"),
    about=words("The mean under each window of an image.", "图像每个窗口的平均值。"),
    category="pooling",
):
    accepts: ClassVar[tuple[Layout, ...]] = (LAYOUT_OF_RANK[2],)

    divisor_override: int | None = divisor_field()

    settings: ClassVar[tuple[str, ...]] = (*_AvgPool.settings, "divisor_override")

    @classmethod
    def cases(cls) -> Iterator[Case]:
        # GoogLeNet's auxiliary heads: 14 to 4
        yield Case(cls(kernel_size=5, stride=3), image(512, 14), image(512, 4), 0, 0)
        yield Case(
            cls(kernel_size=3, stride=1, padding=1),
            image(2, 4),
            image(2, 4),
            0,
            0,
            by_hand=lambda model, x: _neighbours(x) / 9,
        )
        yield Case(
            cls(kernel_size=3, stride=1, padding=1, count_include_pad=False),
            image(2, 4),
            image(2, 4),
            0,
            0,
            by_hand=lambda model, x: _neighbours(x) / _neighbours(x * 0 + 1),
        )
        yield Case(
            cls(kernel_size=2, divisor_override=1),
            image(2, 4),
            image(2, 2),
            0,
            0,
            by_hand=lambda model, x: x.unflatten(3, (2, 2)).unflatten(2, (2, 2)).sum((3, 5)),
        )
        yield Case(cls(kernel_size=(1, 2), padding=1), image(3, 8), because="half of 1")


def _neighbours(x: Any) -> Any:
    """The sum of each cell and its eight neighbours, with zeros around the image."""
    from torch.nn.functional import pad

    return pad(x, (1, 1, 1, 1)).unfold(2, 3, 1).unfold(3, 3, 1).sum((-1, -2))


class AvgPool3d(
    _AvgPool,
    kind="AvgPool3d",
    label=words("Average pooling 3-D", "三维平均池化"),
    about=words("The mean under each window of a volume.", "体数据每个窗口的平均值。"),
    category="pooling",
):
    rank: ClassVar[int] = 3
    accepts: ClassVar[tuple[Layout, ...]] = (LAYOUT_OF_RANK[3],)

    divisor_override: int | None = divisor_field()

    settings: ClassVar[tuple[str, ...]] = (*_AvgPool.settings, "divisor_override")

    def _check_unpadded(self, x: TensorType) -> None:
        for axis, i, (k, _, _, _) in zip(AXIS_NAMES[3], x.spatial, self.windows(), strict=True):
            if k > i:
                raise Rejected(_UNPADDED, field="kernel_size", fixes=self._smaller(x), k=k, i=i, axis=axis)

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(
            cls(kernel_size=2),
            volume(4, 8, 9, 10),
            volume(4, 4, 4, 5),
            0,
            0,
            by_hand=lambda model, x: (
                x[..., :8, :].unflatten(4, (5, 2)).unflatten(3, (4, 2)).unflatten(2, (4, 2)).mean((3, 5, 7))
            ),
        )
        yield Case(
            cls(kernel_size=(4, 2, 3), padding=1), volume(3, 5, 13, 1), because="larger than the input"
        )
        yield Case(cls(kernel_size=4, padding=2), volume(3, 2, 2, 2), because="before padding")
