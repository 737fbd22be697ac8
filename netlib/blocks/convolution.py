"""Convolution and transposed convolution over signals, images and volumes."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, ClassVar, Literal

from netlib.block import Case, Leaf, Measured, Repair
from netlib.errors import Rejected
from netlib.formula import Formula, Quantity, product
from netlib.knob import Choice, Size, Switch, Whole, field
from netlib.nodes import Call, call
from netlib.reach import Move, Spread, Window
from netlib.stated import check_channels, stated
from netlib.tensortype import Layout, TensorType, image, signal, volume
from netlib.windows import (
    AXIS_NAMES,
    KEPT,
    LAYOUT_OF_RANK,
    dilation_field,
    kernel_field,
    padding_field,
    per_axis,
    stride_field,
    swept,
    unread_notes,
)
from netlib.words import Message, words

PaddingMode = Literal["zeros", "reflect", "replicate", "circular"]

WEIGHTS = Formula(lambda o, c, k: o * c * product(k), o="C_out", c="C_in/g", k="k")
WEIGHTS_AND_BIAS = Formula(lambda o, c, k: o * c * product(k) + o, o="C_out", c="C_in/g", k="k")
MACS = Formula(
    lambda size, o, c, k: product(size) * o * c * product(k), size="out", o="C_out", c="C_in/g", k="k"
)
SPREAD_WEIGHTS = Formula(lambda c, o, k: c * o * product(k), c="C_in", o="C_out/g", k="k")
SPREAD_WEIGHTS_AND_BIAS = Formula(
    lambda c, o, k, all: c * o * product(k) + all, c="C_in", o="C_out/g", k="k", all="C_out"
)
SPREAD_MACS = Formula(
    lambda size, c, o, k: product(size) * c * o * product(k), size="in", c="C_in", o="C_out/g", k="k"
)
SPREAD_OUTPUT = Formula(
    lambda i, s, p, d, k, op: (i - 1) * s - 2 * p + d * (k - 1) + op + 1,
    i="i",
    s="s",
    p="p",
    d="d",
    k="k",
    op="output_padding",
)

_GROUPS = words(
    "groups must divide both channel counts: {which} = {n} is not divisible by groups = {groups}",
    "groups 必须同时整除两个通道数：{which} = {n} 不能被 groups = {groups} 整除",
)
_DIVISORS = words("Common divisors: {divisors}.", "公约数：{divisors}。")
_SAME_STRIDE = words(
    "padding 'same' works with stride 1 only, got stride {stride}",
    "padding 'same' 只能配 stride 1，收到 stride {stride}",
)
_SET = words("set {field} = {value}", "设 {field} = {value}")
_REFLECT = words(
    "reflect padding {p} must be smaller than the input, which has {i} cells along {axis}",
    "reflect 填充 {p} 必须小于输入，输入沿 {axis} 轴有 {i} 格",
)
_CIRCULAR = words(
    "circular padding {p} must be at most the input, which has {i} cells along {axis}",
    "circular 填充 {p} 最多等于输入，输入沿 {axis} 轴有 {i} 格",
)
_OUTPUT_PADDING = words(
    "output_padding {op} must be smaller than stride {s} or dilation {d}",
    "output_padding {op} 必须小于 stride {s} 或 dilation {d}",
)
_ZERO_OUTPUT = words(
    "the output size along {axis} would be {o}; it must be at least 1: padding {p} takes away more than the kernel adds",
    "沿 {axis} 轴的输出尺寸将为 {o}，至少要为 1：padding {p} 减去的比卷积核增加的还多",
)


class _Window(Leaf):
    """What both directions of convolution share."""

    in_channels: int | None = stated(words("Input channels", "输入通道数"))
    out_channels: int = field(
        Whole(
            label=words("Filters", "卷积核数"),
            help=words("How many feature maps come out.", "输出多少个特征图。"),
            symbol="C_out",
            start=16,
        )
    )
    kernel_size: Any = kernel_field()
    stride: Any = stride_field()

    def _common(self, x: TensorType) -> None:
        c = x.dims[0]
        check_channels("in_channels", self.in_channels, x)
        groups = int(getattr(self, "groups", 1))
        for which, n in (("in_channels", c), ("out_channels", self.out_channels)):
            if n % groups:
                common = [
                    g
                    for g in range(1, min(c, self.out_channels, 4_096) + 1)
                    if not c % g and not self.out_channels % g
                ]
                fit = max((g for g in common if g <= groups), default=1)
                raise Rejected(
                    _GROUPS,
                    hint=Message(_DIVISORS, divisors=", ".join(map(str, common[:8]))),
                    field="groups",
                    fixes=(Repair(Message(_SET, field="groups", value=fit), changes=(("groups", fit),)),),
                    which=which,
                    n=n,
                    groups=groups,
                )


class _Conv(_Window):
    """Slide filters over the input and sum up what lies under each."""

    padding: Any = padding_field(("same", "valid"))
    dilation: Any = dilation_field()
    groups: int = field(
        Whole(
            label=words("Groups", "分组数"),
            help=words(
                "Each group of filters sees its own share of the channels only.",
                "每组卷积核只看自己那份通道。",
            ),
            symbol="g",
            rare=True,
        ),
        1,
    )
    bias: bool = field(
        Switch(
            label=words("Bias", "偏置"),
            help=words("Add a learned offset to every feature map.", "给每个特征图加一个可学习的偏移。"),
            rare=True,
        ),
        True,
    )
    padding_mode: PaddingMode = field(
        Choice(
            label=words("Padding mode", "填充方式"),
            help=words("What the added cells hold.", "补上的格里填什么。"),
            options=("zeros", "reflect", "replicate", "circular"),
            rare=True,
        ),
        "zeros",
    )

    def lower(self, x: TensorType) -> Call:
        more = self.changed("stride", "padding", "dilation", "groups", "bias", "padding_mode")
        return call(f"nn.{self.kind}", x.dims[0], self.out_channels, kernel_size=self.kernel_size, **more)

    def measure(self, x: TensorType) -> Measured:
        self._common(x)
        sweeps = self._sweeps
        if self.padding == "same" and any(w.stride != 1 for w, _ in sweeps):
            raise self._same_refusal()
        if self.padding_mode != "zeros":
            self._check_padding_mode(x)
        names = AXIS_NAMES[self.rank]
        if self.padding == "same":
            sizes = [KEPT(i=i) for i in x.spatial]
        else:
            sizes = [swept(n, i, w) for n, i, (w, _) in zip(names, x.spatial, sweeps, strict=True)]
        out = tuple([q.value for q in sizes])
        kernel = tuple([w.kernel for w, _ in sweeps])
        per_group = x.dims[0] // self.groups
        rule = WEIGHTS_AND_BIAS if self.bias else WEIGHTS
        copied = self._padded_first(x)
        return Measured(
            x.resized(self.out_channels, *out),
            params=rule(o=self.out_channels, c=per_group, k=kernel),
            macs=MACS(size=out, o=self.out_channels, c=per_group, k=kernel),
            size=tuple(zip(names, sizes, strict=True)),
            moves=tuple([w for w, _ in sweeps]),
            keeps_input=copied is None or self.padding_mode in ("reflect", "replicate"),
            keeps_bytes=copied.nbytes if copied else 0,
            notes=()
            if self.padding == "same"
            else unread_notes(names, x.spatial, [w for w, _ in sweeps], out),
        )

    @cached_property
    def _sweeps(self) -> tuple[tuple[Window, int], ...]:
        """An axis' window, and the cells that padding adds to it in all."""
        kernel, stride, dilation = (
            per_axis(v, self.rank) for v in (self.kernel_size, self.stride, self.dilation)
        )
        if self.padding == "same":
            total = tuple(d * (k - 1) for k, d in zip(kernel, dilation, strict=True))
            left = tuple(t // 2 for t in total)
        else:
            left = per_axis(0 if self.padding == "valid" else self.padding, self.rank)
            total = tuple(2 * p for p in left)
        windows = [Window(*sweep) for sweep in zip(kernel, stride, left, dilation, strict=True)]
        return tuple(zip(windows, total, strict=True))

    def _padded_first(self, x: TensorType) -> TensorType | None:
        """The copy that PyTorch pads before it convolves, and that backward keeps; None where there is none.

        Modes other than zeros always make one; zeros only where 'same' needs an odd cell on one side.
        """
        if self.padding_mode == "zeros" and self.padding != "same":
            return None
        added = [total % 2 if self.padding_mode == "zeros" else total for _, total in self._sweeps]
        if self.padding_mode == "zeros" and not any(added):
            return None
        return x.resized(x.dims[0], *(i + a for i, a in zip(x.spatial, added, strict=True)))

    def _check_padding_mode(self, x: TensorType) -> None:
        for axis, i, (_, t) in zip(AXIS_NAMES[self.rank], x.spatial, self._sweeps, strict=True):
            p = -(-t // 2)
            if self.padding_mode == "reflect" and p >= i:
                raise Rejected(_REFLECT, field="padding", p=p, i=i, axis=axis)
            if self.padding_mode == "circular" and p > i:
                raise Rejected(_CIRCULAR, field="padding", p=p, i=i, axis=axis)

    def _same_refusal(self) -> Rejected:
        half = tuple(w.padding for w, _ in self._sweeps)
        value: Any = half[0] if len(set(half)) == 1 else half
        shown = value if isinstance(value, int) else list(value)
        fixes = (
            Repair(Message(_SET, field="padding", value=shown), changes=(("padding", value),)),
            Repair(Message(_SET, field="stride", value=1), changes=(("stride", 1),)),
        )
        stride = self.stride if isinstance(self.stride, int) else list(self.stride)
        return Rejected(_SAME_STRIDE, field="padding", fixes=fixes, stride=stride)


class _ConvTranspose(_Window):
    """Spread every input cell over the output through the kernel: the shape of a convolution, backwards."""

    padding: Any = padding_field()
    output_padding: Any = field(
        Size(
            label=words("Output padding", "输出填充"),
            help=words(
                "Cells added to one side of the output, to choose among sizes that a stride makes equal.",
                "在输出一侧多加的格数，用来在步长造成的多种尺寸中选一种。",
            ),
            lo=0,
            hi=1_024,
            rare=True,
        ),
        0,
    )
    groups: int = field(
        Whole(
            label=words("Groups", "分组数"),
            help=words(
                "Each group of filters sees its own share of the channels only.",
                "每组卷积核只看自己那份通道。",
            ),
            symbol="g",
            rare=True,
        ),
        1,
    )
    bias: bool = field(
        Switch(
            label=words("Bias", "偏置"),
            help=words("Add a learned offset to every feature map.", "给每个特征图加一个可学习的偏移。"),
            rare=True,
        ),
        True,
    )
    dilation: Any = dilation_field()

    def lower(self, x: TensorType) -> Call:
        more = self.changed("stride", "padding", "output_padding", "groups", "bias", "dilation")
        return call(f"nn.{self.kind}", x.dims[0], self.out_channels, kernel_size=self.kernel_size, **more)

    def measure(self, x: TensorType) -> Measured:
        self._common(x)
        axes = zip(
            AXIS_NAMES[self.rank],
            x.spatial,
            *(
                per_axis(v, self.rank)
                for v in (self.kernel_size, self.stride, self.padding, self.dilation, self.output_padding)
            ),
            strict=True,
        )
        sizes: list[tuple[str, Quantity]] = []
        moves: list[Move] = []
        for axis, i, k, s, p, d, op in axes:
            if op >= s and op >= d:
                raise Rejected(_OUTPUT_PADDING, field="output_padding", op=op, s=s, d=d)
            size = SPREAD_OUTPUT(i=i, s=s, p=p, d=d, k=k, op=op)
            if size.value < 1:
                raise Rejected(_ZERO_OUTPUT, field="padding", axis=axis, o=size.value, p=p)
            sizes.append((axis, size))
            moves.append(Spread(k, s, p, d))
        kernel = per_axis(self.kernel_size, self.rank)
        share = self.out_channels // self.groups
        if self.bias:
            params = SPREAD_WEIGHTS_AND_BIAS(c=x.dims[0], o=share, k=kernel, all=self.out_channels)
        else:
            params = SPREAD_WEIGHTS(c=x.dims[0], o=share, k=kernel)
        return Measured(
            x.resized(self.out_channels, *(q.value for _, q in sizes)),
            params=params,
            macs=SPREAD_MACS(size=x.spatial, c=x.dims[0], o=share, k=kernel),
            size=tuple(sizes),
            moves=tuple(moves),
            keeps_input=True,
        )


class Conv1d(
    _Conv,
    kind="Conv1d",
    label=words("Convolution 1-D", "一维卷积"),
    about=words(
        "Slide filters along a signal: (C, L) to (C_out, L').", "沿信号滑动卷积核：(C, L) 变为 (C_out, L')。"
    ),
    category="convolution",
):
    rank: ClassVar[int] = 1
    accepts: ClassVar[tuple[Layout, ...]] = (LAYOUT_OF_RANK[1],)

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(
            cls(out_channels=6, kernel_size=3), signal(4, 20), signal(6, 18), 6 * 4 * 3 + 6, 18 * 6 * 4 * 3
        )
        yield Case(cls(out_channels=6, kernel_size=3), TensorType((4, 20)), because="Conv1d takes a signal")


class Conv2d(
    _Conv,
    kind="Conv2d",
    label=words("Convolution 2-D", "二维卷积"),
    about=words(
        "Slide filters over an image: (C, H, W) to (C_out, H', W').",
        "在图像上滑动卷积核：(C, H, W) 变为 (C_out, H', W')。",
    ),
    category="convolution",
):
    accepts: ClassVar[tuple[Layout, ...]] = (LAYOUT_OF_RANK[2],)

    @classmethod
    def cases(cls) -> Iterator[Case]:
        # AlexNet's first layer, Krizhevsky et al. 2012: 96 filters of 11 × 11 × 3, stride 4
        yield Case(
            cls(out_channels=96, kernel_size=11, stride=4),
            image(3, 227),
            image(96, 55),
            96 * (11 * 11 * 3 + 1),
            55 * 55 * 96 * 11 * 11 * 3,
        )
        # depthwise, Howard et al. 2017, table 1
        yield Case(
            cls(out_channels=32, kernel_size=3, padding=1, groups=32, bias=False),
            image(32, 112),
            image(32, 112),
            32 * 9,
            112 * 112 * 32 * 9,
        )
        yield Case(
            cls(out_channels=8, kernel_size=(3, 5), padding=(1, 2), padding_mode="reflect"),
            image(3, 9),
            image(8, 9),
            8 * 3 * 15 + 8,
            81 * 8 * 45,
        )
        yield Case(
            cls(out_channels=8, kernel_size=4, padding="same"),
            image(1, 7),
            image(8, 7),
            8 * 16 + 8,
            49 * 8 * 16,
        )
        yield Case(cls(out_channels=8, kernel_size=5), image(3, 4), because="does not fit")
        yield Case(cls(out_channels=8, kernel_size=3, groups=2), image(3, 8), because="divisible by groups")
        yield Case(cls(out_channels=8, kernel_size=3, in_channels=3), image(1, 8), because="in_channels is 3")
        yield Case(
            cls(out_channels=8, kernel_size=3, padding="same", stride=2), image(1, 8), because="stride 1 only"
        )
        yield Case(
            cls(out_channels=8, kernel_size=3, padding=8, padding_mode="reflect"),
            image(1, 8),
            because="smaller than",
        )


class Conv3d(
    _Conv,
    kind="Conv3d",
    label=words("Convolution 3-D", "三维卷积"),
    about=words("Slide filters through a volume: (C, D, H, W).", "在体数据中滑动卷积核：(C, D, H, W)。"),
    category="convolution",
):
    rank: ClassVar[int] = 3
    accepts: ClassVar[tuple[Layout, ...]] = (LAYOUT_OF_RANK[3],)

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(
            cls(out_channels=5, kernel_size=3, padding=1),
            volume(3, 8, 12, 12),
            volume(5, 8, 12, 12),
            5 * 3 * 27 + 5,
            8 * 12 * 12 * 5 * 3 * 27,
        )


class ConvTranspose1d(
    _ConvTranspose,
    kind="ConvTranspose1d",
    label=words("Transposed convolution 1-D", "一维转置卷积"),
    about=words(
        "Spread every cell of a signal through a kernel; makes it longer.",
        "把信号的每一格通过卷积核展开，使其变长。",
    ),
    category="convolution",
):
    rank: ClassVar[int] = 1
    accepts: ClassVar[tuple[Layout, ...]] = (LAYOUT_OF_RANK[1],)

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(
            cls(out_channels=6, kernel_size=3, stride=3, output_padding=2, groups=2, bias=False),
            signal(4, 10),
            signal(6, 32),
            4 * 3 * 3,
            10 * 4 * 3 * 3,
        )


class ConvTranspose2d(
    _ConvTranspose,
    kind="ConvTranspose2d",
    label=words("Transposed convolution 2-D", "二维转置卷积"),
    about=words(
        "Spread every pixel through a kernel; makes an image larger.",
        "把每个像素通过卷积核展开，使图像变大。",
    ),
    category="convolution",
):
    accepts: ClassVar[tuple[Layout, ...]] = (LAYOUT_OF_RANK[2],)

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(
            cls(out_channels=8, kernel_size=2, stride=2),
            image(16, 12),
            image(8, 24),
            16 * 8 * 4 + 8,
            144 * 16 * 8 * 4,
        )
        yield Case(
            cls(out_channels=8, kernel_size=2, padding=1),
            image(3, 1),
            because="output size along H would be 0",
        )
        yield Case(
            cls(out_channels=8, kernel_size=3, stride=2, output_padding=2),
            image(3, 8),
            because="smaller than stride 2",
        )


class ConvTranspose3d(
    _ConvTranspose,
    kind="ConvTranspose3d",
    label=words("Transposed convolution 3-D", "三维转置卷积"),
    about=words("Spread every cell of a volume through a kernel.", "把体数据的每一格通过卷积核展开。"),
    category="convolution",
):
    rank: ClassVar[int] = 3
    accepts: ClassVar[tuple[Layout, ...]] = (LAYOUT_OF_RANK[3],)

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(
            cls(out_channels=4, kernel_size=(1, 2, 3), groups=2),
            volume(4, 3, 4, 5),
            volume(4, 3, 5, 7),
            4 * 2 * 6 + 4,
            60 * 4 * 2 * 6,
        )
