"""Layers that move numbers without changing them."""

from collections.abc import Iterator
from math import prod
from typing import ClassVar

from netlib.block import Case, Leaf, Measured, Repair
from netlib.errors import Rejected
from netlib.formula import Formula, product
from netlib.knob import Numbers, Whole, field
from netlib.nodes import Call, call
from netlib.tensortype import MAX_AXES, Layout, TensorType, image, sequence, signal, vector
from netlib.words import Message, words

FLAT = Formula(lambda sizes: product(sizes), sizes="size")

_RANGE = words(
    "start_dim {start} and end_dim {end} must name axes of {dims} in order (the batch is axis 0, so 1 to {last})",
    "start_dim {start} 与 end_dim {end} 必须依次是 {dims} 的轴（批量为第 0 轴，故为 1 到 {last}）",
)
_BATCH = words(
    "dim {dim} is the batch axis; use 1 to {last} for {dims}",
    "dim {dim} 是批量轴；对 {dims} 请用 1 到 {last}",
)
_SPLIT = words(
    "axis {dim} of {dims} has {size} numbers, which cannot be laid out as {shape} ({product} numbers)",
    "{dims} 的第 {dim} 轴有 {size} 个数，不能排成 {shape}（{product} 个数）",
)
_SPLIT_HOLE = words(
    "axis {dim} of {dims} has {size} numbers, which cannot be laid out as {shape}",
    "{dims} 的第 {dim} 轴有 {size} 个数，不能排成 {shape}",
)
_TOO_MANY = words(
    "the output would have {got} dimensions; at most {most} are allowed (without the batch)",
    "输出将有 {got} 个维度；最多 {most} 个（不含批量）",
)
_ORDER = words(
    "dims must be an order of all axes, batch first: for {dims} that is 0 followed by {axes}; got {got}",
    "dims 必须是所有轴的一个排列，批量在前：对 {dims} 即 0 后接 {axes}；收到 {got}",
)
_TRY = words("use dims = {dims}", "改用 dims = {dims}")

_ANY: tuple[Layout, ...] = ("vector", "sequence", "signal", "image", "volume", "tokens")


def _axis(dim: int, rank: int) -> int:
    """An axis number counted from the front, as torch counts with the batch as axis 0."""
    return dim + rank + 1 if dim < 0 else dim


class Flatten(
    Leaf,
    kind="Flatten",
    label=words("Flatten", "展平"),
    about=words("Lay all numbers in one row: any shape to (F,).", "把所有数排成一行：任意形状变为 (F,)。"),
    category="reshape",
):
    accepts: ClassVar[tuple[Layout, ...]] = ("vector", "sequence", "signal", "image", "volume")

    start_dim: int = field(
        Whole(
            label=words("First axis", "起始轴"),
            help=words(
                "First axis that is laid flat; the batch is axis 0.", "从哪个轴开始展平；批量为第 0 轴。"
            ),
            lo=-5,
            hi=5,
            rare=True,
        ),
        1,
    )
    end_dim: int = field(
        Whole(
            label=words("Last axis", "结束轴"),
            help=words(
                "Last axis that is laid flat; −1 is the last there is.", "到哪个轴为止；−1 表示最后一个。"
            ),
            lo=-5,
            hi=5,
            rare=True,
        ),
        -1,
    )

    def lower(self, x: TensorType) -> Call:
        return call("nn.Flatten", **self.changed("start_dim", "end_dim"))

    def measure(self, x: TensorType) -> Measured:
        rank = len(x.dims)
        start, end = _axis(self.start_dim, rank), _axis(self.end_dim, rank)
        if not 1 <= start <= end <= rank:
            raise Rejected(
                _RANGE, field="start_dim", start=self.start_dim, end=self.end_dim, dims=str(x), last=rank
            )
        flat = FLAT(sizes=x.dims[start - 1 : end])
        dims = (*x.dims[: start - 1], flat.value, *x.dims[end:])
        whole = len(dims) == 1 and rank > 1
        layout: Layout | None = (
            "signal" if len(dims) == 2 and x.layout in ("image", "volume", "signal") else None
        )
        return Measured(
            x if dims == x.dims else TensorType(dims, x.dtype, layout),
            size=(("F", flat),),
            moves="whole" if whole else "same" if dims == x.dims else "unknown",
            views=True,
        )

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(cls(), image(20, 4), vector(320), 0, 0)
        yield Case(cls(start_dim=2), image(20, 4), signal(20, 16), 0, 0)
        yield Case(cls(start_dim=3, end_dim=1), image(3, 8), because="start_dim 3 and end_dim 1")


class Unflatten(
    Leaf,
    kind="Unflatten",
    label=words("Unflatten", "还原形状"),
    about=words("Split one axis into several.", "把一个轴拆成几个轴。"),
    category="reshape",
):
    accepts: ClassVar[tuple[Layout, ...]] = _ANY

    dim: int = field(
        Whole(
            label=words("Axis", "轴"),
            help=words("The axis that is split; the batch is axis 0.", "被拆开的轴；批量为第 0 轴。"),
            lo=-5,
            hi=5,
            start=1,
        )
    )
    unflattened_size: tuple[int, ...] = field(
        Numbers(
            label=words("New sizes", "新尺寸"),
            help=words(
                "Sizes of the new axes; one may be −1 and is worked out.",
                "新轴的尺寸；其中一个可为 −1，由其余推出。",
            ),
            lo=-1,
            hi=2**31,
            start=(1, -1),
        )
    )

    def lower(self, x: TensorType) -> Call:
        return call("nn.Unflatten", self.dim, self.unflattened_size)

    def measure(self, x: TensorType) -> Measured:
        rank = len(x.dims)
        at = _axis(self.dim, rank)
        if not 1 <= at <= rank:
            raise Rejected(_BATCH, field="dim", dim=self.dim, last=rank, dims=str(x))
        size, new = x.dims[at - 1], self._sizes(x, at)
        dims = (*x.dims[: at - 1], *new, *x.dims[at:])
        if len(dims) > MAX_AXES:
            raise Rejected(_TOO_MANY, field="unflattened_size", got=len(dims), most=MAX_AXES)
        assert prod(new) == size
        return Measured(TensorType(dims, x.dtype), moves="unknown", views=True)

    def _sizes(self, x: TensorType, at: int) -> tuple[int, ...]:
        new, size = self.unflattened_size, x.dims[at - 1]
        holes = new.count(-1)
        known = prod(n for n in new if n != -1)
        shape = " × ".join(map(str, new))
        if holes == 1 and known > 0 and size % known == 0:
            return tuple(size // known if n == -1 else n for n in new)
        if holes:
            raise Rejected(
                _SPLIT_HOLE, field="unflattened_size", dim=self.dim, dims=str(x), size=size, shape=shape
            )
        if known != size:
            raise Rejected(
                _SPLIT,
                field="unflattened_size",
                dim=self.dim,
                dims=str(x),
                size=size,
                shape=shape,
                product=known,
            )
        return new

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(cls(dim=1, unflattened_size=(16, 5, 5)), vector(400), image(16, 5), 0, 0)
        yield Case(cls(dim=1, unflattened_size=(2, 2)), vector(5), because="cannot be laid out as 2 × 2")
        yield Case(cls(dim=0, unflattened_size=(2, 2)), vector(4), because="batch axis")


class Permute(
    Leaf,
    kind="Permute",
    label=words("Permute", "交换轴"),
    about=words("Change the order of the axes.", "改变轴的顺序。"),
    category="reshape",
):
    accepts: ClassVar[tuple[Layout, ...]] = _ANY

    dims: tuple[int, ...] = field(
        Numbers(
            label=words("Order of axes", "轴的顺序"),
            help=words(
                "The new order, batch first: 0, 2, 1 swaps the two others.",
                "新的顺序，批量在前：0, 2, 1 交换后两轴。",
            ),
            lo=0,
            hi=4,
            least=2,
            most=5,
            start=(0, 2, 1),
        )
    )

    def lower(self, x: TensorType) -> Call:
        return call("Permute", self.dims)

    def measure(self, x: TensorType) -> Measured:
        rank = len(x.dims)
        if self.dims[0] != 0 or sorted(self.dims) != list(range(rank + 1)):
            axes, turned = ", ".join(map(str, range(1, rank + 1))), (0, *range(rank, 0, -1))
            raise Rejected(
                _ORDER,
                field="dims",
                fixes=(Repair(Message(_TRY, dims=list(turned)), changes=(("dims", turned),)),),
                dims=str(x),
                axes=axes,
                got=list(self.dims),
            )
        dims = tuple(x.dims[d - 1] for d in self.dims[1:])
        # layers behind it may make a copy in the new order, and keep that too
        return Measured(
            TensorType(dims, x.dtype, self._layout(x)), moves="unknown", views=True, at_least=True
        )

    def _layout(self, x: TensorType) -> Layout | None:
        if self.dims == (0, 2, 1) and x.layout != "tokens":
            return "signal" if x.layout == "sequence" else "sequence"
        return x.layout

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(
            cls(dims=(0, 2, 1)),
            sequence(5, 7),
            signal(7, 5),
            0,
            0,
            by_hand=lambda model, x: x.transpose(1, 2).contiguous(),
        )
        yield Case(cls(dims=(0, 3, 1, 2)), image(8, 5, 3), image(3, 8, 5), 0, 0)
        yield Case(cls(dims=(1, 0)), vector(4), because="batch first")


class Identity(
    Leaf,
    kind="Identity",
    label=words("Identity", "恒等"),
    about=words("Pass the input on unchanged.", "原样输出输入。"),
    category="reshape",
):
    accepts: ClassVar[tuple[Layout, ...]] = _ANY

    def lower(self, x: TensorType) -> Call:
        return call("nn.Identity")

    def measure(self, x: TensorType) -> Measured:
        return Measured(x, views=True)

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(cls(), image(3, 8), image(3, 8), 0, 0)
