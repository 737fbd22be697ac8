"""How numbers are written in tables, metrics and sentences.

`ui/kit/numbers.js` writes the same in pictures; a test compares the two over thousands of values. Halves round away
from zero in both, so that 1,062,500 is 1.063 M wherever it stands.
"""

import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal

COUNT_UNITS = (("M", 10**6), ("G", 10**9), ("T", 10**12), ("P", 10**15), ("E", 10**18))
BYTE_UNITS = ("KiB", "MiB", "GiB", "TiB", "PiB")
MINUS = "−"
SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def exact(count: float) -> str:
    """With thousands separators: 467,200."""
    size = abs(count) if isinstance(count, int) else int(_rounded(abs(count), 0))
    return f"{MINUS if count < 0 and size else ''}{size:,}"


def short(count: int) -> str:
    """Exact up to six digits, above that three decimals and a unit: 6.999 M. The exact value belongs in a tooltip."""
    size = abs(count)
    if size < 10**6:
        return exact(count)
    sign = MINUS if count < 0 else ""
    for unit, step in COUNT_UNITS:
        thousandths = (2000 * size + step) // (2 * step)
        if thousandths < 10**6:
            return f"{sign}{thousandths // 1000}.{thousandths % 1000:03d} {unit}"
    return sign + _scientific(Decimal(size), 3)


def size_of(count: int) -> str:
    """Bytes with three digits: 512 B, 4.00 KiB, 228 KiB, 1.05 GiB."""
    if count < 1024:
        return f"{exact(count)} B"
    step = 1024
    for unit in BYTE_UNITS:
        for places, limit in ((2, 1000), (1, 1000), (0, 1024)):
            scaled = (2 * count * 10**places + step) // (2 * step)
            if scaled < limit:
                return f"{Decimal(scaled).scaleb(-places):.{places}f} {unit}"
        step *= 1024
    last = step // 1024
    return f"{exact((2 * count + last) // (2 * last))} {BYTE_UNITS[-1]}"


def fixed(value: float, decimals: int) -> str:
    """With this many decimals and a true minus: −0.25."""
    if not math.isfinite(value):
        return _unusual(value)
    size = _rounded(abs(value), decimals)
    return f"{MINUS if value < 0 and size else ''}{size:.{decimals}f}"


def signed(value: float, decimals: int) -> str:
    """With a sign in front, also of what is positive: +0.25. Nothing is 0.00 without a sign."""
    written = fixed(value, decimals)
    return f"+{written}" if value > 0 and written.strip("0.") else written


def significant(value: float, digits: int = 3) -> str:
    """Three digits that count: 2.31, 0.108, 12.4, 0.00480, and 1.20 × 10⁻⁵ below a thousandth."""
    if not math.isfinite(value):
        return _unusual(value)
    if value == 0:
        return fixed(0, digits - 1)
    size = Decimal(abs(value))
    exponent = _to_digits(size, digits).adjusted()
    if -3 <= exponent < digits:
        return fixed(value, digits - 1 - exponent)
    if digits <= exponent < 6:
        return exact(value)
    return (MINUS if value < 0 else "") + _scientific(size, digits - 1)


def percent(share: float, decimals: int = 1) -> str:
    """A share in per cent: 0.979 is 97.9 %."""
    return f"{fixed(share * 100, decimals)} %" if math.isfinite(share) else _unusual(share)


def seconds(value: float) -> str:
    """Seconds as people say them: 3.1 ms, 12.4 s, 2 min 05 s, 1 h 10 min."""
    if not math.isfinite(value):
        return _unusual(value)
    if value < 0.9995:
        return f"{significant(value * 1000, 2)} ms"
    if value < 59.95:
        return f"{fixed(value, 1 if value < 9.95 else 0)} s"
    whole = math.floor(value + 0.5)
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    minutes = whole // 60
    return f"{exact(minutes // 60)} h {minutes % 60:02d} min"


def difference(now: int, before: int) -> str:
    """How much a number changed, in its own units: +3,200 or −64; nothing when it did not."""
    if now == before:
        return ""
    return f"{'+' if now > before else MINUS}{short(abs(now - before))}"


def change(now: float, before: float) -> str:
    """How much a number changed, in per cent of what it was: −64 %, +0.4 %, 12×; nothing when it did not."""
    if now == before or not before:
        return ""
    share = abs((now - before) / before)
    sign = "+" if now > before else MINUS
    if share >= 9.995:
        return f"{fixed(now / before, 0)}×"
    if share < 0.0005:
        return f"{sign}<0.1 %"
    return f"{sign}{percent(share, 1 if share < 0.00995 else 0)}"


def dimensions(dims: Sequence[int]) -> str:
    """A shape without its batch axis: 20 × 8 × 8."""
    return " × ".join(exact(size) for size in dims) or "1"


def _rounded(size: float, decimals: int) -> Decimal:
    return Decimal(size).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, Context(prec=400))


def _to_digits(size: Decimal, digits: int) -> Decimal:
    return Context(prec=digits, rounding=ROUND_HALF_UP).plus(size)


def _scientific(size: Decimal, decimals: int) -> str:
    rounded = _to_digits(size, decimals + 1)
    power = str(rounded.adjusted()).translate(SUPERSCRIPTS)
    return f"{rounded.scaleb(-rounded.adjusted()):.{decimals}f} × 10{power}"


def _unusual(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    return "∞" if value > 0 else f"{MINUS}∞"
