"""What the network costs, and how that differs from the network that was kept as A."""

from typing import Any

from netlib import Trace
from ui.builder.desk import Desk, traced
from ui.numbers import change, difference, exact, short, size_of
from ui.words import tr

EXAMPLE_BATCH = 64
"""The batch that the tooltip of the memory speaks of."""


def totals(desk: Desk) -> list[dict[str, Any]]:
    """Parameters, MACs and memory: {"about", "name", "shown", "exactly", "more"?, "change"?, "kept"?}."""
    found = desk.trace
    kept = traced(desk.kept) if desk.kept else None
    params = _count("weight", tr("parameters"), found.params, kept.params if kept else None)
    macs = _count("compute", tr("MACs"), found.macs, kept.macs if kept else None)
    macs["exactly"] = tr(
        "{macs} MACs a sample = {flops} FLOPs", macs=exact(found.macs), flops=exact(2 * found.macs)
    )
    return [params, macs, _memory(found, kept)]


def _count(about: str, name: str, now: int, before: int | None) -> dict[str, Any]:
    entry = {"about": about, "name": name, "shown": short(now), "exactly": f"{exact(now)} {name}"}
    return entry | _against(now, before, short)


def _memory(found: Trace, kept: Trace | None) -> dict[str, Any]:
    now, batch = found.saved_bytes(), found.saved_bytes(EXAMPLE_BATCH)
    told = tr(
        "{bytes} bytes a sample are kept for the backward pass beside the input itself; {batch} for a batch of {size}.",
        bytes=exact(now),
        batch=size_of(batch),
        size=EXAMPLE_BATCH,
    )
    if not found.memory_is_exact:
        told += " " + tr("A recurrent or attention layer may keep more.")
    sign = "" if found.memory_is_exact else "≥ "
    entry = {"about": "memory", "name": tr("memory"), "shown": f"{sign}{size_of(now)}", "exactly": told}
    return entry | _against(now, kept.saved_bytes() if kept else None, size_of)


def _against(now: int, before: int | None, shown: Any) -> dict[str, Any]:
    if before is None:
        return {}
    how_much = change(now, before) or (difference(now, before) if now != before else "=")
    return {"change": how_much, "kept": shown(before)}


def remarks(desk: Desk) -> list[str]:
    """Sentences under the table: what FLOPs are, where the totals end, what auxiliary heads add."""
    found = desk.trace
    said = [tr("FLOPs = 2 × MACs = {flops} a sample.", flops=short(2 * found.macs))]
    if found.aux_params:
        said.append(
            tr(
                "Auxiliary heads add {params} parameters and {macs} MACs while training.",
                params=short(found.aux_params),
                macs=short(found.aux_macs),
            )
        )
    return said
