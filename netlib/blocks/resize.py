"""Upsampling: make a signal, image or volume larger or smaller without learning."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from netlib.block import Case, Leaf, Measured, Repair
from netlib.errors import Rejected
from netlib.formula import Formula, Quantity, floor
from netlib.knob import Choice, Numbers, Real, Switch, field
from netlib.nodes import Call, call
from netlib.reach import Blend, Move, Moves, Repeat, Window
from netlib.tensortype import Layout, TensorType, image, signal, vector, volume
from netlib.windows import AXIS_NAMES
from netlib.words import Message, words

SCALED = Formula(lambda i, s: floor(i * s), i="i", s="scale_factor")
GIVEN = Formula(lambda o: o, o="size")

Mode = Literal["nearest", "linear", "bilinear", "bicubic", "trilinear"]
MODES_OF: dict[str, tuple[Mode, ...]] = {
    "signal": ("nearest", "linear"),
    "image": ("nearest", "bilinear", "bicubic"),
    "volume": ("nearest", "trilinear"),
}
MAX_SCALE = 1_024

_POSITIVE = words("{field} must be positive, got {got}", "{field} 必须为正，收到 {got}")
_SCALE_MOST = words(
    "{field} must be at most {most:,} (a limit of this app on the output), got {got}",
    "{field} 最多为 {most:,}（本应用对输出的上限），收到 {got}",
)
_NEITHER = words("Upsample needs size or scale_factor", "Upsample 需要 size 或 scale_factor")
_BOTH = words(
    "Upsample takes size or scale_factor, not both: got {size} and {scale}",
    "Upsample 只能取 size 或 scale_factor 之一：收到 {size} 和 {scale}",
)
_SIZE_RANK = words(
    "size has {got} numbers, but {dims} has {rank} axes to resize ({axes})",
    "size 有 {got} 个数，但 {dims} 有 {rank} 个可缩放的轴（{axes}）",
)
_MODE_RANK = words(
    "mode {mode} resizes {wanted}, but {dims} has {rank} axes to resize; use {modes}",
    "mode {mode} 用于{wanted}，但 {dims} 有 {rank} 个可缩放的轴；请用 {modes}",
)
_ALIGN = words(
    "align_corners belongs to the linear and cubic modes; with mode nearest leave it empty",
    "align_corners 只用于线性和三次插值；mode 为 nearest 时请留空",
)
_NO_OUTPUT = words(
    "the output size along {axis} would be 0: scale_factor {scale} times {i} is less than 1",
    "沿 {axis} 轴的输出尺寸将为 0：scale_factor {scale} 乘 {i} 小于 1",
)
_SET = words("set {field} = {value}", "设 {field} = {value}")
_CLEAR = words("leave {field} empty", "让 {field} 留空")

AXES_OF_MODE: dict[str, str] = {
    "linear": words("one axis", "一个轴"),
    "bilinear": words("two axes", "两个轴"),
    "bicubic": words("two axes", "两个轴"),
    "trilinear": words("three axes", "三个轴"),
}


@dataclass(frozen=True, kw_only=True)
class Scale(Real):
    """A positive factor, with a message of its own for 0 and for what no output could hold."""

    lo: float = 0.0
    hi: float = MAX_SCALE

    def _read(self, value: Any, rank: int) -> float:
        if type(value) in (int, float):
            if not value > 0:
                raise self.refuse(_POSITIVE, value)
            if value > MAX_SCALE:
                raise self.refuse(_SCALE_MOST, value, most=MAX_SCALE)
        return super()._read(value, rank)


class Upsample(
    Leaf,
    kind="Upsample",
    label=words("Upsampling", "上采样"),
    about=words(
        "Make a signal, image or volume larger (or smaller) without learning.",
        "不经学习地放大（或缩小）信号、图像或体数据。",
    ),
    category="reshape",
):
    accepts: ClassVar[tuple[Layout, ...]] = ("image", "signal", "volume")

    size: Any = field(
        Numbers(
            label=words("Output size", "输出尺寸"),
            help=words(
                "The size that comes out; give this or a scale factor.", "输出的尺寸；与缩放倍数二选一。"
            ),
            optional=True,
            single=True,
            lo=1,
            most=3,
        ),
        None,
    )
    scale_factor: float | None = field(
        Scale(
            label=words("Scale factor", "缩放倍数"),
            help=words("How many times as large the output is.", "输出是输入的多少倍。"),
            symbol="s",
            optional=True,
            start=2.0,
            step=0.5,
        ),
        None,
    )
    mode: Mode = field(
        Choice(
            label=words("Mode", "插值方式"),
            help=words(
                "nearest copies cells; the others blend neighbours and are named by how many axes they resize.",
                "nearest 复制最近的格；其余为插值，按轴数命名。",
            ),
            options=("nearest", "linear", "bilinear", "bicubic", "trilinear"),
        ),
        "nearest",
    )
    align_corners: bool | None = field(
        Switch(
            label=words("Align corners", "对齐角点"),
            help=words(
                "Put the first and last cells of input and output on one another.",
                "让输入与输出的首尾格对齐。",
            ),
            optional=True,
            rare=True,
        ),
        None,
    )

    def lower(self, x: TensorType) -> Call:
        fields = self.changed("size", "scale_factor", "mode", "align_corners")
        if self.scale_factor is not None:
            fields["scale_factor"] = _plain(self.scale_factor)
        return call("nn.Upsample", **fields)

    def measure(self, x: TensorType) -> Measured:
        self._check_fields(x)
        axes = AXIS_NAMES[len(x.spatial)]
        sizes = tuple(zip(axes, self._sizes(x), strict=True))
        out = tuple(size.value for _, size in sizes)
        for axis, i, o in zip(axes, x.spatial, out, strict=True):
            if o < 1:
                double = Repair(
                    Message(_SET, field="scale_factor", value=2), changes=(("scale_factor", 2.0),)
                )
                raise Rejected(
                    _NO_OUTPUT,
                    field="scale_factor",
                    fixes=(double,),
                    axis=axis,
                    scale=f"{self.scale_factor:g}",
                    i=i,
                )
        return Measured(x.resized(x.dims[0], *out), size=sizes, moves=self._moves(x.spatial, out))

    def _sizes(self, x: TensorType) -> tuple[Quantity, ...]:
        if self.size is None:
            assert self.scale_factor is not None
            factor = _plain(self.scale_factor)
            return tuple(SCALED(i=i, s=factor) for i in x.spatial)
        sizes = (self.size,) * len(x.spatial) if isinstance(self.size, int) else self.size
        return tuple(GIVEN(o=o) for o in sizes)

    def _check_fields(self, x: TensorType) -> None:
        rank = len(x.spatial)
        if self.size is None and self.scale_factor is None:
            double = Repair(Message(_SET, field="scale_factor", value=2), changes=(("scale_factor", 2.0),))
            raise Rejected(_NEITHER, field="scale_factor", fixes=(double,))
        if self.size is not None and self.scale_factor is not None:
            fixes = tuple(
                Repair(Message(_CLEAR, field=f), changes=((f, None),)) for f in ("size", "scale_factor")
            )
            shown = self.size if isinstance(self.size, int) else list(self.size)
            raise Rejected(_BOTH, field="size", fixes=fixes, size=shown, scale=f"{self.scale_factor:g}")
        if isinstance(self.size, tuple) and len(self.size) != rank:
            first = self.size[0]
            fix = Repair(Message(_SET, field="size", value=first), changes=(("size", first),))
            axes = ", ".join(AXIS_NAMES[rank])
            raise Rejected(
                _SIZE_RANK, field="size", fixes=(fix,), got=len(self.size), dims=str(x), rank=rank, axes=axes
            )
        self._check_mode(x)

    def _check_mode(self, x: TensorType) -> None:
        modes = MODES_OF[x.layout]
        if self.mode not in modes:
            fixes = tuple(
                Repair(Message(_SET, field="mode", value=m), changes=self._to_mode(m))
                for m in reversed(modes)
            )
            raise Rejected(
                _MODE_RANK,
                field="mode",
                fixes=fixes,
                mode=self.mode,
                wanted=Message(AXES_OF_MODE[self.mode]),
                dims=str(x),
                rank=len(x.spatial),
                modes=" / ".join(modes),
            )
        if self.mode == "nearest" and self.align_corners is not None:
            clear = Repair(Message(_CLEAR, field="align_corners"), changes=(("align_corners", None),))
            raise Rejected(_ALIGN, field="align_corners", fixes=(clear,))

    def _to_mode(self, mode: Mode) -> tuple[tuple[str, Any], ...]:
        change = ("mode", mode)
        return (
            (change,)
            if mode != "nearest" or self.align_corners is None
            else (change, ("align_corners", None))
        )

    def _moves(self, given: tuple[int, ...], out: tuple[int, ...]) -> Moves:
        if given == out:
            return "same"
        moves = [self._move(i, o) for i, o in zip(given, out, strict=True)]
        return "unknown" if None in moves else tuple(m for m in moves if m)

    def _move(self, i: int, o: int) -> Move | None:
        """How one axis is resized, where each unit's inputs follow from a whole factor."""
        exact = self.scale_factor is None or o == i * self.scale_factor
        if i == o and exact:
            return Window(1)
        if not exact or self.align_corners:
            return None
        if self.mode == "nearest":
            return Repeat(o // i) if o % i == 0 else Window(1, i // o) if i % o == 0 else None
        return Blend(o // i, cubic=self.mode == "bicubic") if o % i == 0 else None

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(
            cls(scale_factor=2.0),
            image(4, 5, 7),
            image(4, 10, 14),
            0,
            0,
            by_hand=lambda model, x: x.repeat_interleave(2, 2).repeat_interleave(2, 3),
        )
        yield Case(cls(size=(11, 12)), image(4, 5, 7), image(4, 11, 12), 0, 0)
        yield Case(cls(size=6, mode="bicubic", align_corners=False), image(1, 3), image(1, 6), 0, 0)
        yield Case(cls(scale_factor=2.0, mode="linear"), signal(2, 5), signal(2, 10), 0, 0, by_hand=_quarters)
        # floor(5 · 1.5) = 7, floor(4 · 1.5) = 6
        yield Case(
            cls(scale_factor=1.5, mode="bilinear", align_corners=True), image(1, 5, 4), image(1, 7, 6), 0, 0
        )
        yield Case(cls(scale_factor=2.0, mode="trilinear"), volume(2, 3, 4, 5), volume(2, 6, 8, 10), 0, 0)
        yield Case(cls(), image(3, 8), because="needs size or scale_factor")
        yield Case(cls(size=4, scale_factor=2.0), image(3, 8), because="not both")
        yield Case(cls(scale_factor=2.0, mode="linear"), image(3, 8), because="mode linear resizes one axis")
        yield Case(cls(scale_factor=0.1), volume(3, 2, 12, 5), because="output size along D would be 0")
        yield Case(cls(size=(4, 4)), signal(3, 8), because="size has 2 numbers")
        yield Case(cls(scale_factor=2.0, align_corners=False), image(3, 8), because="leave it empty")
        yield Case(cls(scale_factor=2.0), vector(8), because="Upsample takes an image")


def _plain(factor: float) -> int | float:
    """A whole factor without its decimal point, as people write it."""
    return int(factor) if factor.is_integer() else factor


def _quarters(_model: Any, x: Any) -> Any:
    """Twice as many cells lie a quarter to the left and right of the old ones; the ends are held."""
    from torch import cat, stack

    left, right = cat([x[..., :1], x[..., :-1]], -1), cat([x[..., 1:], x[..., -1:]], -1)
    return stack([0.75 * x + 0.25 * left, 0.75 * x + 0.25 * right], -1).flatten(-2)
