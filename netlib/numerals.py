"""Numbers as people write them in a sentence: 0.05, 1,000, 2.3 × 10⁻⁶, and never 1e+03."""

SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
LONGEST = 6
"""Digits before the point up to which a number is written out."""


def numeral(value: float, digits: int = 6) -> str:
    """The number with so many digits that count, without zeros at its end."""
    return unfolded(f"{value:,.{digits}g}")


def unfolded(text: str) -> str:
    """A number as Python writes it, its exponent written out: "1e+03" is 1,000 and "2e-06" is 2 × 10⁻⁶."""
    mantissa, _, exponent = text.partition("e")
    if not exponent or not exponent.lstrip("+-").isdecimal():
        return text
    power = int(exponent)
    if 0 <= power < LONGEST:
        return f"{float(text):,.0f}"
    return f"{mantissa} × 10{str(power).translate(SUPERSCRIPTS)}"
