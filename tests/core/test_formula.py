"""What a formula shows is what it computes: its text is read back and worked out another way."""

import re
from fractions import Fraction
from math import ceil, floor, prod
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib import KINDS, Network, trace
from netlib.formula import Formula, Quantity, ceil_div, constant, product
from netlib.formula import floor as rounded_down


def worked_out(text: str) -> Fraction:
    """The value of a shown formula, with exact fractions."""
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", text).replace("·", "*").replace("−", "-")
    assert re.fullmatch(r"(floor|ceil|[\d\s.()+*/-])+", plain), text
    exact = re.sub(r"\d+(\.\d+)?", lambda number: f"F('{number[0]}')", plain)
    return Fraction(eval(exact, {"F": Fraction, "floor": floor, "ceil": ceil, "__builtins__": {}}))


def quantities() -> dict[str, Quantity]:
    """Every number with a formula that the worked examples of all kinds hold."""
    found: dict[str, Quantity] = {}
    for kind, block in KINDS.items():
        for i, case in enumerate(block.cases()):
            for step in trace(Network.of(case.given, case.block)).leaves:
                if step.found:
                    shown = [("params", step.found.params), ("macs", step.found.macs), *step.found.size]
                    found |= {f"{kind}-{i}-{step.path}-{name}": quantity for name, quantity in shown}
    return found


QUANTITIES = quantities()


@pytest.mark.parametrize("quantity", QUANTITIES.values(), ids=QUANTITIES)
def test_the_shown_text_gives_the_shown_number(quantity: Quantity) -> None:
    assert worked_out(quantity.text) == quantity.value
    assert str(quantity) == f"{quantity.text} = {quantity.value:,}"


@pytest.mark.parametrize("quantity", QUANTITIES.values(), ids=QUANTITIES)
def test_symbols_stand_where_the_numbers_stand(quantity: Quantity) -> None:
    """Both readings have the same operators in the same order."""
    operators = re.compile(r"[·+−/()]|floor|ceil")
    numbers = re.sub(r"\(−([\d,]+)\)", r"\1", quantity.text)
    symbols = quantity.symbols
    for name in quantity.formula.symbols.values():
        symbols = symbols.replace(name, "x") if "/" in name else symbols  # one number, as in C_in/g
    assert operators.findall(numbers) == operators.findall(symbols)


TERMS = st.recursive(
    st.sampled_from(["a", "b", "c", "2", "1"]),
    lambda inner: st.tuples(st.sampled_from(["+", "-", "*", "//", "ceil"]), inner, inner),
    max_leaves=8,
)


def computed(term: Any, numbers: dict[str, Any]) -> Any:
    """A term's value, or its text where the numbers are operands that print."""
    if isinstance(term, str):
        return numbers.get(term, int(term) if term.isdecimal() else None)
    sign, left, right = term
    a, b = computed(left, numbers), computed(right, numbers)
    match sign:
        case "+":
            return a + b
        case "-":
            return a - b
        case "*":
            return a * b
        case "//":
            return a // b
    return ceil_div(a, b)


@given(TERMS, st.integers(1, 60), st.integers(1, 2_000), st.integers(1, 9))
def test_brackets_are_where_they_must_be(term: Any, a: int, b: int, c: int) -> None:
    formula = Formula(lambda a, b, c: computed(term, {"a": a, "b": b, "c": c}), a="a", b="b", c="c")
    try:
        quantity = formula(a=a, b=b, c=c)
    except ZeroDivisionError:
        return
    if not isinstance(term, str):
        assert worked_out(quantity.text) == quantity.value


@given(st.lists(st.integers(1, 50), min_size=1, max_size=4))
def test_a_size_an_axis_is_multiplied_out(sizes: list[int]) -> None:
    quantity = Formula(lambda o, k: o * product(k) + o, o="C", k="k")(o=3, k=tuple(sizes))
    assert quantity.value == 3 * prod(sizes) + 3
    assert worked_out(quantity.text) == quantity.value
    assert len(re.findall("k", quantity.symbols)) == len(sizes)


def test_how_formulas_read() -> None:
    size = Formula(lambda i, k, s, p: (i + 2 * p - k) // s + 1, i="i", k="k", s="s", p="p")
    found = size(i=28, k=5, s=1, p=0)
    assert str(found) == "floor((28 + 2·0 − 5) / 1) + 1 = 24"
    assert found.symbols == "floor((i + 2·p − k) / s) + 1"
    weights = Formula(lambda o, c, k: o * c * product(k) + o, o="C_out", c="C_in", k="k")
    assert str(weights(o=10, c=1, k=(5, 5))) == "10 · 1 · 5 · 5 + 10 = 260"
    assert weights(o=10, c=1, k=(5, 5)).symbols == "C_out · C_in · k₁ · k₂ + C_out"
    assert str(Formula(lambda i, s: rounded_down(i * s), i="i", s="s")(i=5, s=1.5)) == "floor(5·1.5) = 7"
    assert str(Formula(lambda i, p: i + p, i="i", p="p")(i=5, p=-1)) == "5 + (−1) = 4"
    assert str(constant(1_234)) == "1,234 = 1,234"
