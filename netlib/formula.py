"""One formula, two readings: the function that computes a number also shows it.

A rule is an ordinary function of named numbers. Called with integers it computes; called
with `_Shown` operands it prints itself, with symbols or with the person's numbers put in::

    >>> size = Formula(lambda i, k, s, p: (i + 2 * p - k) // s + 1, i="i", k="k", s="s", p="p")
    >>> q = size(i=28, k=5, s=1, p=0)
    >>> q.value, q.text, q.symbols
    (24, 'floor((28 + 2·0 − 5) / 1) + 1', 'floor((i + 2·p − k) / s) + 1')
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any

_SUM, _PRODUCT, _ATOM = 1, 2, 3
"""How tightly an expression binds; a looser operand is put in brackets."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A whole number together with the formula it came from."""

    formula: Formula
    numbers: dict[str, Any]
    value: int

    @property
    def text(self) -> str:
        """The formula with the numbers put in, as in ``10 · 1 · 5 · 5 + 10``."""
        return str(self.formula.rule(**{name: _operand(value) for name, value in self.numbers.items()}))

    @property
    def symbols(self) -> str:
        """The formula in symbols, as in ``C_out · C_in · k · k + C_out``."""
        shown = {name: _symbol(self.formula.symbols[name], value) for name, value in self.numbers.items()}
        return str(self.formula.rule(**shown))

    def __str__(self) -> str:
        return f"{self.text} = {self.value:,}"


class Formula:
    """A rule over named whole numbers, and the symbol each is written with."""

    __slots__ = ("rule", "symbols")

    def __init__(self, rule: Callable[..., Any], **symbols: str) -> None:
        self.rule = rule
        self.symbols = symbols

    def __call__(self, **numbers: Any) -> Quantity:
        """The rule's value for these numbers; a number may be a tuple, one entry an axis."""
        return Quantity(self, numbers, self.rule(**numbers))


def constant(value: int) -> Quantity:
    """A number that needs no working out."""
    return Quantity(_CONSTANT, {"n": value}, value)


def product(values: Any) -> Any:
    """The product of a per-axis tuple, in either reading."""
    if isinstance(values, _Axes):
        result = values.items[0]
        for item in values.items[1:]:
            result = result * item
        return result
    return prod(values)


def ceil_div(a: Any, b: Any) -> Any:
    """a / b rounded up, in either reading."""
    if isinstance(a, _Shown) or isinstance(b, _Shown):
        return _rounded("ceil", _shown(a), _shown(b))
    return -(-a // b)


def floor(value: Any) -> Any:
    """A number that need not be whole, rounded down, in either reading."""
    return _Shown(f"floor({value.tight})") if isinstance(value, _Shown) else int(value // 1)


_CONSTANT = Formula(lambda n: n, n="n")


class _Shown:
    """An operand that prints; arithmetic on it builds the text of the formula."""

    __slots__ = ("binds", "loose", "tight")

    def __init__(self, loose: str, binds: int = _ATOM, tight: str | None = None) -> None:
        self.loose = loose  # as it stands alone: products with spaces
        self.tight = loose if tight is None else tight  # as it stands inside brackets
        self.binds = binds

    def __str__(self) -> str:
        return self.loose

    def __add__(self, other: Any) -> _Shown:
        return _joined(self, " + ", _shown(other), _SUM)

    def __radd__(self, other: Any) -> _Shown:
        return _joined(_shown(other), " + ", self, _SUM)

    def __sub__(self, other: Any) -> _Shown:
        return _joined(self, " − ", _shown(other), _SUM)

    def __rsub__(self, other: Any) -> _Shown:
        return _joined(_shown(other), " − ", self, _SUM)

    def __mul__(self, other: Any) -> _Shown:
        return _joined(self, "·", _shown(other), _PRODUCT)

    def __rmul__(self, other: Any) -> _Shown:
        return _joined(_shown(other), "·", self, _PRODUCT)

    def __floordiv__(self, other: Any) -> _Shown:
        return _rounded("floor", self, _shown(other))

    def __rfloordiv__(self, other: Any) -> _Shown:
        return _rounded("floor", _shown(other), self)


@dataclass(frozen=True, slots=True)
class _Axes:
    """The printing reading of a per-axis tuple."""

    items: tuple[_Shown, ...]


def _joined(left: _Shown, sign: str, right: _Shown, binds: int) -> _Shown:
    needs_brackets = right.binds < binds or (sign == " − " and right.binds == binds)
    first = left if left.binds >= binds else _bracketed(left)
    second = _bracketed(right) if needs_brackets else right
    loose = f" {sign} " if binds == _PRODUCT else sign
    return _Shown(f"{first.loose}{loose}{second.loose}", binds, f"{first.tight}{sign}{second.tight}")


def _rounded(how: str, a: _Shown, b: _Shown) -> _Shown:
    top = a.tight if a.binds == _ATOM else f"({a.tight})"
    bottom = b.tight if b.binds == _ATOM else f"({b.tight})"
    return _Shown(f"{how}({top} / {bottom})")


def _bracketed(inner: _Shown) -> _Shown:
    return _Shown(f"({inner.tight})")


def _shown(value: Any) -> _Shown:
    if isinstance(value, _Shown):
        return value
    return _Shown(f"{value:,}" if value >= 0 else f"(−{-value:,})")


def _operand(value: Any) -> _Shown | _Axes:
    if isinstance(value, tuple):
        return _Axes(tuple(_shown(v) for v in value))
    return _shown(value)


def _symbol(name: str, value: Any) -> _Shown | _Axes:
    if isinstance(value, tuple):
        return _Axes(tuple(_Shown(f"{name}{i}" if len(value) > 1 else name) for i in "₁₂₃₄"[: len(value)]))
    return _Shown(name)
