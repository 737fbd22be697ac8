"""Normalisation of channels: over the batch, over an image's positions, over groups, over neighbours."""

from collections.abc import Iterator
from math import prod
from typing import Any, ClassVar

from netlib.block import NOTHING, Case, Leaf, Measured, Repair
from netlib.errors import Rejected
from netlib.formula import Formula
from netlib.knob import Real, Switch, Whole, field
from netlib.nodes import Call, call
from netlib.stated import check_channels, stated
from netlib.tensortype import Layout, TensorType, image, sequence, signal, vector, volume
from netlib.words import Message, words

SCALE_AND_SHIFT = Formula(lambda c: 2 * c, c="C")

_ONE_VALUE = words(
    "each channel has a single value a sample, so training needs batches of more than 1",
    "每个样本每个通道只有一个值，因此训练时批量必须大于 1",
)
_SEQUENCE = words(
    "BatchNorm1d would take the {steps} time steps of {dims} for channels",
    "BatchNorm1d 会把 {dims} 的 {steps} 个时间步当作通道",
)
_SEQUENCE_HINT = words(
    "Permute it to a signal first, or use LayerNorm, which normalises every time step.",
    "先用 Permute 变成信号，或改用对每个时间步归一化的 LayerNorm。",
)
_ONE_POSITION = words(
    "{kind} takes means over the positions of a channel, so it needs more than 1; {dims} has 1",
    "{kind} 对通道内各位置求平均，因此位置数必须大于 1；{dims} 只有 1 个",
)
_GROUPS = words(
    "num_groups must divide num_channels: {channels} channels are not divisible by {groups} groups",
    "num_groups 必须整除 num_channels：{channels} 个通道不能被 {groups} 组整除",
)
_SET = words("set {field} = {value}", "设 {field} = {value}")


def eps_field(default: float | None = 1e-5, least: float = 0.0, optional: bool = False) -> Any:
    """``eps``, added to a variance before its root is taken."""
    return field(
        Real(
            label=words("Epsilon", "Epsilon"),
            help=words("A small number that keeps the division away from 0.", "一个小数，防止除数为 0。"),
            lo=least,
            hi=1.0,
            step=1e-5,
            optional=optional,
            rare=True,
        ),
        default,
    )


def affine_field(default: bool) -> Any:
    """``affine``: whether a scale and a shift a channel are learned."""
    return field(
        Switch(
            label=words("Scale and shift", "缩放与平移"),
            help=words("Learn a scale and a shift for every channel.", "为每个通道学习缩放和平移。"),
            rare=True,
        ),
        default,
    )


class _WithStatistics(Leaf):
    """What batch and instance normalisation share: their fields."""

    num_features: int | None = stated(words("Channels", "通道数"))
    eps: float = eps_field(least=1e-12)
    momentum: float | None = field(
        Real(
            label=words("Momentum", "动量"),
            help=words(
                "Weight of the newest batch in the running mean; left empty, all batches weigh the same.",
                "最新批量在滑动平均中的权重；留空则所有批量权重相同。",
            ),
            optional=True,
            rare=True,
        ),
        0.1,
    )

    def lower(self, x: TensorType) -> Call:
        more = self.changed("eps", "momentum", "affine", "track_running_stats")
        return call(f"nn.{self.kind}", x.channels, **more)


class _BatchNorm(_WithStatistics):
    """Subtract each channel's mean over the batch and divide by its deviation (Ioffe and Szegedy, 2015)."""

    affine: bool = affine_field(True)
    track_running_stats: bool = field(
        Switch(
            label=words("Running statistics", "滑动统计量"),
            help=words(
                "Remember means over training for use afterwards.", "记住训练中的均值和方差，供之后使用。"
            ),
            rare=True,
        ),
        True,
    )

    def measure(self, x: TensorType) -> Measured:
        check_channels("num_features", self.num_features, x)
        single = bool(x.spatial) and prod(x.spatial) == 1
        return Measured(
            x,
            params=SCALE_AND_SHIFT(c=x.channels) if self.affine else NOTHING,
            keeps_input=True,
            keeps_once=2 * 4 * x.channels,
            notes=(Message(_ONE_VALUE),) if single else (),
        )


def _batch_norm_by_hand(model: Any, x: Any) -> Any:
    """After training steps: the running mean and variance, then scale and shift."""
    norm = model.get_submodule("0")
    shape = (1, -1) + (1,) * (x.dim() - 2)
    mean, variance = norm.running_mean.view(shape), norm.running_var.view(shape)
    return (x - mean) / (variance + norm.eps).sqrt() * norm.weight.view(shape) + norm.bias.view(shape)


class BatchNorm1d(
    _BatchNorm,
    kind="BatchNorm1d",
    label=words("Batch norm 1-D", "一维批量归一化"),
    about=words(
        "Centre and scale every feature, or every channel of a signal, over the batch.",
        "在批量上对每个特征或信号的每个通道做中心化和缩放。",
    ),
    category="normalisation",
):
    rank: ClassVar[int] = 1
    accepts: ClassVar[tuple[Layout, ...]] = ("vector", "signal")

    def check(self, x: TensorType) -> None:
        try:
            super().check(x)
        except Rejected as refused:
            if x.layout != "sequence":
                raise
            hint = Message(_SEQUENCE_HINT)
            raise Rejected(_SEQUENCE, hint=hint, fixes=refused.fixes, steps=x.dims[0], dims=str(x)) from None

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(cls(), vector(16), vector(16), 32, 0, by_hand=_batch_norm_by_hand)
        yield Case(cls(num_features=16), signal(16, 10), signal(16, 10), 32, 0, by_hand=_batch_norm_by_hand)
        yield Case(cls(), sequence(5, 7), because="5 time steps")
        yield Case(cls(num_features=8), vector(3), because="num_features is 8, but 3 channels")


class BatchNorm2d(
    _BatchNorm,
    kind="BatchNorm2d",
    label=words("Batch norm 2-D", "二维批量归一化"),
    about=words(
        "Centre and scale every channel of an image over the batch.",
        "在批量上对图像的每个通道做中心化和缩放。",
    ),
    category="normalisation",
):
    accepts: ClassVar[tuple[Layout, ...]] = ("image",)

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(cls(eps=0.001, momentum=0.3), image(8, 5), image(8, 5), 16, 0, by_hand=_batch_norm_by_hand)
        yield Case(cls(affine=False), image(64, 8), image(64, 8), 0, 0)
        yield Case(cls(momentum=None, track_running_stats=False), image(6, 8), image(6, 8), 12, 0)
        yield Case(cls(), image(8, 1), image(8, 1), 16, 0)
        yield Case(cls(num_features=8), image(3, 8), because="num_features is 8, but 3 channels")


class BatchNorm3d(
    _BatchNorm,
    kind="BatchNorm3d",
    label=words("Batch norm 3-D", "三维批量归一化"),
    about=words(
        "Centre and scale every channel of a volume over the batch.",
        "在批量上对体数据的每个通道做中心化和缩放。",
    ),
    category="normalisation",
):
    rank: ClassVar[int] = 3
    accepts: ClassVar[tuple[Layout, ...]] = ("volume",)

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(cls(), volume(8, 4, 5, 6), volume(8, 4, 5, 6), 16, 0, by_hand=_batch_norm_by_hand)


class _InstanceNorm(_WithStatistics):
    """Normalise every channel of every sample over its own positions (Ulyanov et al., 2016)."""

    affine: bool = affine_field(False)
    track_running_stats: bool = field(
        Switch(
            label=words("Running statistics", "滑动统计量"),
            help=words(
                "Remember means over training for use afterwards.", "记住训练中的均值和方差，供之后使用。"
            ),
            rare=True,
        ),
        False,
    )

    def measure(self, x: TensorType) -> Measured:
        check_channels("num_features", self.num_features, x)
        if prod(x.spatial) == 1:
            raise Rejected(_ONE_POSITION, kind=self.kind, dims=str(x))
        # PyTorch runs this as a batch norm over N·C channels and repeats weights and statistics for it
        kept = 2 + (1 if self.affine else 0) + (2 if self.track_running_stats else 0)
        return Measured(
            x,
            params=SCALE_AND_SHIFT(c=x.channels) if self.affine else NOTHING,
            moves="statistics",
            keeps_input=True,
            keeps_bytes=kept * 4 * x.channels,
        )

    @staticmethod
    def by_hand(_model: Any, x: Any) -> Any:
        positions = x.flatten(2)
        mean, variance = positions.mean(2), positions.var(2, unbiased=False)
        shape = (*x.shape[:2], *(1 for _ in x.shape[2:]))
        return (x - mean.view(shape)) / (variance.view(shape) + 1e-5).sqrt()


class InstanceNorm1d(
    _InstanceNorm,
    kind="InstanceNorm1d",
    label=words("Instance norm 1-D", "一维实例归一化"),
    about=words(
        "Centre and scale every channel of a signal over its own length.",
        "对信号的每个通道在自身长度上做中心化和缩放。",
    ),
    category="normalisation",
):
    rank: ClassVar[int] = 1
    accepts: ClassVar[tuple[Layout, ...]] = ("signal",)

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(cls(), signal(4, 9), signal(4, 9), 0, 0, by_hand=cls.by_hand)
        yield Case(cls(), signal(4, 1), because="needs more than 1")


class InstanceNorm2d(
    _InstanceNorm,
    kind="InstanceNorm2d",
    label=words("Instance norm 2-D", "二维实例归一化"),
    about=words(
        "Centre and scale every channel of an image over its own pixels.",
        "对图像的每个通道在自身像素上做中心化和缩放。",
    ),
    category="normalisation",
):
    accepts: ClassVar[tuple[Layout, ...]] = ("image",)

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(cls(), image(6, 8), image(6, 8), 0, 0, by_hand=cls.by_hand)
        yield Case(cls(affine=True), image(6, 8), image(6, 8), 12, 0)
        yield Case(cls(affine=True, track_running_stats=True), image(6, 8), image(6, 8), 12, 0)
        yield Case(cls(num_features=8), image(3, 8), because="num_features is 8")
        yield Case(cls(), image(3, 1), because="3 × 1 × 1 has 1")


class GroupNorm(
    Leaf,
    kind="GroupNorm",
    label=words("Group norm", "组归一化"),
    about=words(
        "Centre and scale groups of channels within each sample; the batch plays no part.",
        "在每个样本内对各组通道做中心化和缩放，与批量无关。",
    ),
    category="normalisation",
):
    """Wu and He, "Group Normalization", 2018."""

    accepts: ClassVar[tuple[Layout, ...]] = ("vector", "signal", "image", "volume")

    num_groups: int = field(
        Whole(
            label=words("Groups", "分组数"),
            help=words("How many groups the channels are split into.", "把通道分成多少组。"),
            symbol="g",
            start=4,
        )
    )
    num_channels: int | None = stated(words("Channels", "通道数"))
    eps: float = eps_field()
    affine: bool = affine_field(True)

    def lower(self, x: TensorType) -> Call:
        return call("nn.GroupNorm", self.num_groups, x.channels, **self.changed("eps", "affine"))

    def measure(self, x: TensorType) -> Measured:
        check_channels("num_channels", self.num_channels, x)
        channels = x.channels
        if channels % self.num_groups:
            fit = max(g for g in range(1, min(channels, self.num_groups) + 1) if channels % g == 0)
            fix = Repair(Message(_SET, field="num_groups", value=fit), changes=(("num_groups", fit),))
            raise Rejected(
                _GROUPS, field="num_groups", fixes=(fix,), channels=channels, groups=self.num_groups
            )
        return Measured(
            x,
            params=SCALE_AND_SHIFT(c=channels) if self.affine else NOTHING,
            moves="statistics",
            keeps_input=True,
            keeps_bytes=2 * 4 * self.num_groups,
        )

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(cls(num_groups=2), image(6, 5), image(6, 5), 12, 0, by_hand=_group_norm_by_hand)
        yield Case(cls(num_groups=2, affine=False), vector(6), vector(6), 0, 0)
        yield Case(cls(num_groups=3), image(8, 4), because="not divisible by 3 groups")
        yield Case(
            cls(num_groups=4, num_channels=8), image(12, 4), because="num_channels is 8, but 12 channels"
        )
        yield Case(cls(num_groups=1), sequence(5, 7), because="GroupNorm takes")


def _group_norm_by_hand(model: Any, x: Any) -> Any:
    """Every sample's group in one row: subtract its mean, divide by its deviation."""
    norm = model.get_submodule("0")
    rows = x.reshape(x.shape[0], norm.num_groups, -1)
    rows = (rows - rows.mean(2, keepdim=True)) / (rows.var(2, unbiased=False, keepdim=True) + norm.eps).sqrt()
    shape = (1, -1) + (1,) * (x.dim() - 2)
    return rows.view_as(x) * norm.weight.view(shape) + norm.bias.view(shape)


class LocalResponseNorm(
    Leaf,
    kind="LocalResponseNorm",
    label=words("Local response norm", "局部响应归一化"),
    about=words(
        "Divide every value by the strength of the channels beside it, as AlexNet and GoogLeNet did.",
        "用相邻通道的强度去除每个值，AlexNet 和 GoogLeNet 曾用。",
    ),
    category="normalisation",
):
    """Krizhevsky et al. 2012, section 3.3; PyTorch divides alpha by the size."""

    accepts: ClassVar[tuple[Layout, ...]] = ("signal", "image", "volume")

    size: int = field(
        Whole(
            label=words("Neighbours", "邻域大小"),
            help=words("How many channels are summed over.", "对多少个相邻通道求和。"),
            symbol="n",
            hi=1_024,
            start=5,
        )
    )
    alpha: float = field(
        Real(
            label=words("Alpha", "Alpha"),
            help=words("Weight of the sum.", "求和项的权重。"),
            hi=1_000.0,
            rare=True,
        ),
        1e-4,
    )
    beta: float = field(
        Real(
            label=words("Beta", "Beta"),
            help=words("Power of the divisor.", "除数的幂次。"),
            hi=100.0,
            rare=True,
        ),
        0.75,
    )
    k: float = field(
        Real(
            label=words("k", "k"),
            help=words("Added to the sum, so that small values pass.", "加到求和项上，使小的值得以通过。"),
            hi=1_000.0,
            rare=True,
        ),
        1.0,
    )

    def lower(self, x: TensorType) -> Call:
        # PyTorch views a volume and fails where a Permute before has only turned its axes.
        target = "VolumeResponseNorm" if x.layout == "volume" else "nn.LocalResponseNorm"
        return call(target, self.size, **self.changed("alpha", "beta", "k"))

    def measure(self, x: TensorType) -> Measured:
        # backward keeps the squares padded along the channels, the sum, and the divisor
        squares = x.resized(x.channels + self.size - 1, *x.spatial)
        return Measured(x, keeps_input=True, keeps_bytes=squares.nbytes + 2 * x.nbytes)

    @classmethod
    def cases(cls) -> Iterator[Case]:
        strong = cls(size=5, alpha=2.0, k=2.0)
        yield Case(strong, image(7, 3), image(7, 3), 0, 0, by_hand=_local_response_by_hand)
        yield Case(cls(size=2), signal(4, 9), signal(4, 9), 0, 0)
        yield Case(cls(size=3), volume(4, 5, 6, 2), volume(4, 5, 6, 2), 0, 0)
        yield Case(cls(size=5), vector(9), because="takes a signal")


def _local_response_by_hand(_model: Any, x: Any) -> Any:
    """Channel by channel, over itself and two neighbours on each side."""
    from torch import stack

    channels = x.shape[1]
    sums = [x[:, max(0, c - 2) : c + 3].square().sum(1) for c in range(channels)]
    return x / (2 + 2 / 5 * stack(sums, 1)) ** 0.75
