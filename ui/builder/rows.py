"""The network as rows: every block that a person has placed, and on request what a block is made of.

A row is a dict for the picture. Its `type` is "input", "layer", "branch" (the head of a branch), "empty" (a list
without blocks) or "merge" (where branches join). Rows below a fault have no numbers: nothing flows there yet.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from netlib import Block, Step, TensorType, Trace
from netlib.nodes import Fork
from ui.builder.actions import INPUT
from ui.builder.desk import Desk
from ui.builder.places import joined, parted
from ui.builder.says import says
from ui.numbers import dimensions, exact, short, size_of
from ui.words import tr

Row = dict[str, Any]

COSTS = ("params", "macs", "bytes")
SHORTENED = {"params": short, "macs": short, "bytes": size_of}
SIGNS = {"add": "+", "concat": "≡", "multiply": "×"}


def rows(desk: Desk) -> list[Row]:
    """Every row that is drawn, in the order of the data; at most `desk.rows`, and one more that says how many follow."""
    listing = _Listing(desk)
    found = list(listing.all())
    _fill_bars(found, listing.costs)
    if len(found) > desk.rows:
        rest = len(found) - desk.rows
        return [*found[: desk.rows], {"type": "more", "path": "more", "rails": [], "count": rest}]
    return found


class _Listing:
    """One walk over a desk's network."""

    def __init__(self, desk: Desk) -> None:
        self.trace: Trace = desk.trace
        self.network = desk.network
        self.folds = desk.folds
        self.steps = {step.path: step for step in self.trace.root}
        self.costs: dict[str, dict[str, int]] = {}

    def all(self) -> Iterator[Row]:
        """The input, then the network's own layers with what is in them."""
        yield self._input()
        yield from self._list("", self.network.layers, [])

    def _input(self) -> Row:
        x = self.network.input
        return {
            "type": "input",
            "path": INPUT,
            "title": tr("Input"),
            "says": x.layout if x.dtype == "float32" else f"{x.layout} {x.dtype}",
            "rails": [],
            "about": "input",
            "after": ["", 0],
            **_shaped(x, None),
        }

    def _list(self, where: str, blocks: tuple[Block, ...], rails: list[str]) -> Iterator[Row]:
        """The blocks of one list; what a person may do with them goes with each row."""
        for index, block in enumerate(blocks):
            yield from self._block(joined(where, index), block, rails, len(blocks))

    def _block(self, path: str, block: Block, rails: list[str], siblings: int) -> Iterator[Row]:
        step = self.steps.get(path)
        row = self._row(path, block, step, rails)
        where, index = parted(path)
        row |= {"editable": True, "after": [where, index + 1], "place": [where, index, siblings]}
        held = block.held()
        inner = bool(held) or bool(step and step.children)
        folded = (path in self.folds) == bool(held)
        if inner:
            row["folded"] = folded
        if held:
            row["inside"] = _first_list(path, held)
        yield row
        if not inner or folded:
            return
        if held:
            yield from self._held(path, held, step, rails)
        elif step:
            yield from self._made_of(step, rails)

    def _held(
        self, path: str, held: Mapping[str, tuple[Block, ...]], step: Step | None, rails: list[str]
    ) -> Iterator[Row]:
        """The lists inside a block, branch after branch, the computed shortcut, and where they join."""
        merge = step.node_inside.merge if step and isinstance(step.node_inside, Fork) else None
        several = len(held) > 1
        for number, (key, blocks) in enumerate(held.items()):
            rail = _rail(number, several, step)
            where = f"{path}.{key}" if key else path
            if several:
                yield self._branch(path, number, where, rails, rail)
            if blocks:
                yield from self._list(where, blocks, [*rails, rail])
            else:
                yield self._empty(where, [*rails, rail], several)
        if step and not several and len(step.children) > 1:
            yield from self._shortcut(step.children[1], rails)
        if merge and step:
            yield self._merge(step, merge, rails)

    def _branch(self, path: str, number: int, where: str, rails: list[str], rail: str) -> Row:
        step = self.steps.get(f"{path}.branches.{number}")
        shape = dimensions(step.output.dims) if step and step.output else ""
        return {
            "type": "branch",
            "path": f"{path}.branches.{number}",
            "title": tr("Branch {number}", number=number + 1),
            "rails": [*rails, rail],
            "shape": shape,
            "after": [where, 0],
            "gives": self._flows_into(path),
            "of": [path, number],
        }

    def _empty(self, where: str, rails: list[str], in_branch: bool) -> Row:
        title = tr("Passes its input on") if in_branch else tr("Nothing inside yet")
        return {
            "type": "empty",
            "path": f"{where}.empty",
            "title": title,
            "rails": rails,
            "after": [where, 0],
            "gives": self._flows_into(_owner(where)),
        }

    def _shortcut(self, step: Step, rails: list[str]) -> Iterator[Row]:
        """What a residual block puts beside its body; the identity is the rail itself and needs no row."""
        for inner in step.children or ((step,) if step.block else ()):
            yield {**self._row(inner.path, None, inner, [*rails, "shortcut"]), "editable": False}

    def _merge(self, step: Step, merge: str, rails: list[str]) -> Row:
        shapes = [dimensions(child.output.dims) if child.output else "?" for child in step.children]
        return {
            "type": "merge",
            "path": f"{step.path}.merge",
            "title": merge,
            "sign": SIGNS[merge],
            "says": f" {SIGNS[merge]} ".join(shapes),
            "rails": [*rails, "end"],
            "about": "problem" if step.problem else "output",
            "shape": dimensions(step.output.dims) if step.output else "",
        }

    def _made_of(self, step: Step, rails: list[str]) -> Iterator[Row]:
        """The layers that a block is made of; nobody can edit them one by one."""
        fork = isinstance(step.node_inside, Fork)
        for number, child in enumerate(step.children):
            rail = _rail(number, fork, step)
            if fork:
                says = "" if child.block or child.children else tr("Passes its input on")
                branch = self._branch(step.path, number, "", rails, rail)
                yield branch | {"editable": False, "after": None, "says": says}
            if child.block:
                yield {**self._row(child.path, None, child, [*rails, rail]), "editable": False}
            elif child.children:
                yield from self._made_of(child, [*rails, rail] if fork else rails)
        if isinstance(step.node_inside, Fork):
            yield self._merge(step, step.node_inside.merge, rails)

    def _row(self, path: str, block: Block | None, step: Step | None, rails: list[str]) -> Row:
        block = block or (step.block if step else None)
        row: Row = {
            "type": "layer",
            "path": path,
            "title": block.kind if block else step.title if step else "",
            "says": says(block, step.input if step else None) if block else "",
            "rails": rails,
        }
        if step is None:
            return row | {"state": "below", "about": "nothing", "shape": "?"}
        self.costs[path] = {"params": step.params, "macs": step.macs, "bytes": self._bytes(step)}
        if step.is_tap:
            self.costs[path] |= {"params": step.aux_params + step.params, "macs": step.aux_macs + step.macs}
        row["about"] = "weight" if step.params or step.is_tap else "nothing"
        if step.is_tap:
            row["says"] = tr("training only")
        if step.problem:
            row |= {"state": "problem", "about": "problem", "problem": _problem(step)}
            row["ribbon"] = _wanted(block)
        elif step.output is None:
            row["state"] = "broken"
        if step.notes:
            row["notes"] = len(step.notes)
        return row | _shaped(step.output, step.input)

    def _flows_into(self, path: str) -> str | None:
        """The layout of what flows into a block."""
        step = self.steps.get(path)
        return step.input.layout if step else None

    def _bytes(self, step: Step) -> int:
        return sum(self.trace.memory[inner.path] for inner in step)


def _owner(where: str) -> str:
    """The address of the block that holds a list."""
    return re.sub(r"\.(branch|branches\.\d+)$", "", where)


def _rail(number: int, several: bool, step: Step | None) -> str:
    """The line beside the rows of a list: a branch's colour, the skip around a body, or plain."""
    if several:
        return f"branch-{number % 4 + 1}"
    if step and step.is_tap:
        return "tap"
    return "skip" if step and isinstance(step.node_inside, Fork) else "plain"


def _first_list(path: str, held: Mapping[str, tuple[Block, ...]]) -> list[Any]:
    """The place at the end of the first list inside a block."""
    key, blocks = next(iter(held.items()))
    return [f"{path}.{key}" if key else path, len(blocks)]


def _shaped(y: TensorType | None, x: TensorType | None) -> Row:
    """Shape and ribbon of what comes out: channels, and the side of the feature map where there is one."""
    if y is None:
        return {"shape": "✕", "gives": None}
    side = y.spatial[0] if y.spatial else None
    size = y.dims[0] if y.layout == "tokens" else y.channels
    return {
        "shape": dimensions(y.dims),
        "axes": y.axes,
        "gives": y.layout,
        "changes": x is not None and y != x,
        "ribbon": [size, side],
    }


def _wanted(block: Block | None) -> list[int | None] | None:
    """The ribbon of a block that cannot run: the width that it would have."""
    wide = next(
        (getattr(block, name) for name in ("out_channels", "out_features") if hasattr(block, name)), None
    )
    return [wide, None] if wide else None


def _problem(step: Step) -> dict[str, Any]:
    problem = step.problem
    assert problem is not None
    return {
        "says": tr(problem.message),
        "hint": tr(problem.hint),
        "field": problem.field,
        "fixes": [tr(fix.label) for fix in problem.fixes],
    }


def _fill_bars(found: list[Row], costs: Mapping[str, Mapping[str, int]]) -> None:
    """Writes the costs into the rows: [shown, exactly, share of the largest]; an unfolded block has no bar of its own."""
    counted = [row for row in found if row["path"] in costs and row.get("folded") is not False]
    largest = {cost: max((costs[row["path"]][cost] for row in counted), default=0) for cost in COSTS}
    for row in found:
        own = costs.get(row["path"])
        if own is None:
            continue
        bars = row.get("folded") is not False
        for cost in COSTS:
            value = own[cost]
            share = value / largest[cost] if bars and largest[cost] else 0
            row[cost] = [SHORTENED[cost](value), exact(value), round(share, 4)] if value else None
