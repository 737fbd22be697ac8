"""A knob is one field of a block, declared once.

Default, bounds, label, help and formula symbol live in the declaration; the widget, the
validation, the link, the test strategy and the docs are read off it.
"""

from dataclasses import dataclass
from math import isfinite
from typing import Any

from pydantic import BaseModel, Field
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from netlib.numerals import numeral, unfolded
from netlib.words import Message, words

REQUIRED = PydanticUndefined
"""Default of a field that torch has no default for: JSON must state it, the palette starts from `start`."""

_LONG_NUMBER = words("a number of more than 12 digits", "超过 12 位的数")
_WHOLE = words("{field} must be a whole number, got {got}", "{field} 必须是整数，收到 {got}")
_NUMBER = words("{field} must be a number, got {got}", "{field} 必须是数字，收到 {got}")
_LEAST = words("{field} must be at least {least}, got {got}", "{field} 至少为 {least}，收到 {got}")
_MOST = words(
    "{field} must be at most {most} (a limit of this app), got {got}",
    "{field} 最多为 {most}（本应用的上限），收到 {got}",
)
_BETWEEN = words(
    "{field} must be a number between {lo} and {hi}, got {got}",
    "{field} 必须是 {lo} 到 {hi} 之间的数字，收到 {got}",
)
_ONE_OF = words("{field} must be one of {options}, got {got}", "{field} 必须是 {options} 之一，收到 {got}")
_TRUE_FALSE = words("{field} must be true or false, got {got}", "{field} 必须是 true 或 false，收到 {got}")
_PER_AXIS = words(
    "{field} takes one number or a list of {rank} numbers, one an axis; got {got} numbers",
    "{field} 接受一个数，或含 {rank} 个数的列表（每个轴一个）；收到 {got} 个数",
)
_ONE_AXIS = words(
    "{field} takes one number; got {got} numbers",
    "{field} 接受一个数；收到 {got} 个数",
)
_LIST = words("{field} must be a list of whole numbers, got {got}", "{field} 必须是整数列表，收到 {got}")
_COUNT = words(
    "{field} takes {least} to {most} numbers and must not be empty, got {got}",
    "{field} 需要 {least} 到 {most} 个数，不能为空，收到 {got} 个",
)


class BadValue(ValueError):
    """A value that a knob cannot take; `message` says the rule and what came."""

    def __init__(self, template: str, /, **values: Any) -> None:
        self.message = Message(template, **values)
        super().__init__(str(self.message))


@dataclass(frozen=True, kw_only=True)
class Knob:
    """What every knob has: words for people, the symbol in formulas, where the widget starts."""

    name: str = ""
    label: str = ""
    help: str = ""
    symbol: str = ""
    default: Any = REQUIRED
    start: Any = None
    optional: bool = False
    rare: bool = False
    inferred: bool = False

    def read(self, value: Any, rank: int) -> Any:
        """The value as the block keeps it.

        Raises:
            BadValue: when the value breaks the knob's rule.
        """
        return None if value is None and self.optional else self._read(value, rank)

    def _read(self, value: Any, rank: int) -> Any:
        raise NotImplementedError

    def refuse(self, template: str, value: Any, **values: Any) -> BadValue:
        """The error for `value`, with the knob's name and what came put in."""
        return BadValue(template, field=self.name, got=brief(value), **values)


@dataclass(frozen=True, kw_only=True)
class Switch(Knob):
    """``bool``: on or off."""

    def _read(self, value: Any, rank: int) -> bool:
        if not isinstance(value, bool):
            raise self.refuse(_TRUE_FALSE, value)
        return value


@dataclass(frozen=True, kw_only=True)
class Choice(Knob):
    """One of a few words."""

    options: tuple[str, ...] = ()

    def _read(self, value: Any, rank: int) -> str:
        if not isinstance(value, str) or value not in self.options:
            raise self.refuse(_ONE_OF, value, options=", ".join(self.options))
        return value


@dataclass(frozen=True, kw_only=True)
class Whole(Knob):
    """``int``: a whole number from `lo` to `hi`."""

    lo: int = 1
    hi: int = 65_536

    def _read(self, value: Any, rank: int) -> int:
        if type(value) is not int:
            raise self.refuse(_WHOLE, value)
        return self._bounded(value)

    def _bounded(self, value: int) -> int:
        if value < self.lo:
            raise self.refuse(_LEAST, value, least=self.lo)
        if value > self.hi:
            raise self.refuse(_MOST, value, most=f"{self.hi:,}")
        return value


@dataclass(frozen=True, kw_only=True)
class Real(Knob):
    """``float``: a finite number from `lo` to `hi`."""

    lo: float = 0.0
    hi: float = 1.0
    step: float = 0.05

    def _read(self, value: Any, rank: int) -> float:
        if type(value) not in (int, float):
            raise self.refuse(_NUMBER, value)
        if not isfinite(value) or not self.lo <= value <= self.hi:
            raise self.refuse(_BETWEEN, value, lo=numeral(self.lo), hi=numeral(self.hi))
        return float(value)


@dataclass(frozen=True, kw_only=True)
class Size(Whole):
    """``int`` for all axes, or a tuple with one entry an axis; `keywords` are words torch takes instead."""

    keywords: tuple[str, ...] = ()
    holes: bool = False
    """Whether an entry may be None (adaptive pooling keeps that axis)."""

    def _read(self, value: Any, rank: int) -> Any:
        if isinstance(value, str) and self.keywords:
            if value not in self.keywords:
                raise self.refuse(_ONE_OF, value, options=", ".join(self.keywords))
            return value
        if not isinstance(value, list | tuple):
            return super()._read(value, rank)
        if len(value) != rank:
            if rank == 1:
                raise BadValue(_ONE_AXIS, field=self.name, got=len(value))
            raise BadValue(_PER_AXIS, field=self.name, rank=rank, got=len(value))
        return tuple(None if v is None and self.holes else super(Size, self)._read(v, rank) for v in value)


@dataclass(frozen=True, kw_only=True)
class Numbers(Whole):
    """A list of whole numbers: an order of axes, a shape."""

    least: int = 1
    most: int = 4
    single: bool = False
    """Whether one bare number stands for a list of one."""

    def _read(self, value: Any, rank: int) -> Any:
        if self.single and type(value) is int:
            return self._bounded(value)
        if not isinstance(value, list | tuple) or any(type(v) is not int for v in value):
            raise self.refuse(_LIST, value)
        if not self.least <= len(value) <= self.most:
            raise BadValue(_COUNT, field=self.name, least=self.least, most=self.most, got=len(value))
        return tuple(self._bounded(v) for v in value)


def field(knob: Knob, default: Any = REQUIRED) -> Any:
    """Declare a field through its knob; without a default, JSON must state it."""
    extra: Any = {"knob": knob}
    return Field(default, json_schema_extra=extra)


def knobs(cls: type[BaseModel]) -> tuple[Knob, ...]:
    """The knobs of a model in declaration order, each with its field's name and default."""
    return tuple(k for name, info in cls.model_fields.items() if (k := _knob(name, info)))


def _knob(name: str, info: FieldInfo) -> Knob | None:
    extra: Any = info.json_schema_extra
    knob = extra.get("knob") if isinstance(extra, dict) else None
    if not isinstance(knob, Knob):
        return None
    known: dict[str, Any] = {f: getattr(knob, f) for f in knob.__dataclass_fields__}
    known |= {"name": name, "default": info.default}
    return type(knob)(**known)


def brief(value: object) -> str:
    """What came, in JSON's words where it can, short enough for a sentence."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return str(value) if abs(value) < 10**12 else Message(_LONG_NUMBER)
    if isinstance(value, list | tuple):
        return f"[{', '.join(brief(v) for v in value[:4])}{', …' if len(value) > 4 else ''}]"[:60]
    if isinstance(value, float):
        return unfolded(repr(value))
    if isinstance(value, str):  # half a surrogate pair, which JSON can spell, cannot be printed
        return f'"{value[:40].encode("utf-8", "replace").decode("utf-8")}"'
    return "{…}" if isinstance(value, dict) else type(value).__name__
