"""The open row: its fields, where its numbers come from, what a unit of it sees, and what can be done with it."""

from typing import Any

from netlib import Block, Step
from netlib.block import Held, all_knobs
from netlib.editing import block_at, list_at
from ui.builder.actions import INPUT
from ui.builder.desk import Desk
from ui.builder.fields import fields, input_fields
from ui.builder.places import parted
from ui.builder.sums import reach, sums
from ui.words import tr

Opened = dict[str, Any]


def opened(desk: Desk) -> Opened | None:
    """What stands under the open row; None where no row is open, or the one that was is gone."""
    if desk.open is None:
        return None
    if desk.open == INPUT:
        return _input(desk)
    step = next((step for step in desk.trace.steps if step.path == desk.open), None)
    block = _placed(desk)
    if block is None and (step is None or step.block is None):
        return None
    found: Opened = {"path": desk.open, "focus": desk.focus}
    if block is not None:
        found |= _editable(desk, block, step)
    elif step is not None and step.block is not None:
        found |= {"title": step.block.kind, "label": tr(step.block.label), "about": tr(step.block.about)}
        found |= {"fields": []}
    return found | _numbers(desk, step)


def _input(desk: Desk) -> Opened:
    x = desk.network.input
    return {
        "path": INPUT,
        "title": tr("Input"),
        "about": tr("What flows in, one sample at a time; the batch axis is never written."),
        "fields": input_fields(x),
        "kind": INPUT,
    }


def _placed(desk: Desk) -> Block | None:
    """The block that a person has placed at the open address, if it is one."""
    try:
        return block_at(desk.network, desk.open or "")
    except KeyError:
        return None


def _editable(desk: Desk, block: Block, step: Step | None) -> Opened:
    path = desk.open or ""
    where, index = parted(path)
    siblings = len(list_at(desk.network, where))
    found: Opened = {
        "kind": block.kind,
        "title": desk.trace.where(step) if step else block.kind,
        "label": tr(block.label),
        "about": tr(block.about),
        "fields": fields(block, step.input if step else None),
        "up": index > 0,
        "down": index < siblings - 1,
        "editable": True,
    }
    held = block.held()
    if held:
        key, blocks = next(iter(held.items()))
        found["inside"] = [f"{path}.{key}" if key else path, len(blocks)]
    branches = next((knob for knob in all_knobs(type(block)) if isinstance(knob, Held) and knob.lists), None)
    if branches:
        count = len(getattr(block, branches.name))
        found["branches"] = {"count": count, "least": branches.least, "most": branches.most}
    return found


def _numbers(desk: Desk, step: Step | None) -> Opened:
    if step is None:
        return {"sums": [], "notes": [tr("Nothing flows here until the fault above is mended.")]}
    return {
        "sums": sums(step),
        "reach": reach(step, desk.network.input),
        "notes": [tr(note) for note in step.notes],
    }


def insertion(desk: Desk) -> list[Any]:
    """The place where a new layer goes: behind the open row, else at the end."""
    if desk.open == INPUT:
        return ["", 0]
    if desk.open is not None and _placed(desk) is not None:
        where, index = parted(desk.open)
        return [where, index + 1]
    return ["", len(desk.network.layers)]
