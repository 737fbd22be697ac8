"""The PyTorch program, line by line, each line with the row it stands for."""

from collections.abc import Iterator
from typing import Any

from netlib import Network, Step, Trace, source, trace
from ui.words import tr

Line = dict[str, Any]


def program(traced: Trace) -> list[Line]:
    """The lines of the whole program: {"text", "path"?, "problem"?}.

    With a fault in the network it is the program of what lies above, which runs; a comment names the layer that
    does not.
    """
    if traced.ok:
        return _lines(traced)
    above = _above(traced)
    lines = _lines(above)
    end = 1 + max(
        (index for index, line in enumerate(lines) if line.get("path") is not None),
        default=next(i for i, line in enumerate(lines) if line["text"].startswith("    return")),
    )
    faults = [
        {"text": f"        # {said}", "path": step.path, "problem": True}
        for step in traced.problems
        for said in [tr("{where} cannot run", where=traced.where(step) or step.title)]
    ]
    return [*lines[:end], *faults, *lines[end:]]


def _above(traced: Trace) -> Trace:
    """The longest start of the network that runs."""
    count = len(traced.root.children)
    sound = count - 1 if count and traced.root.children[-1].output is None else count
    layers = traced.network.layers[:sound]
    return trace(Network.of(traced.network.input, *layers))


def _lines(traced: Trace) -> list[Line]:
    texts = source(traced).splitlines()
    start = next(i for i, text in enumerate(texts) if text.startswith("    return "))
    paths = dict(_located(traced.root, texts, start))
    return [
        {"text": text, "path": paths[index]} if index in paths else {"text": text}
        for index, text in enumerate(texts)
    ]


def _located(step: Step, texts: list[str], index: int) -> Iterator[tuple[int, str]]:
    """Line and address of every step that has a line of its own, found by following the brackets from `index`.

    A layer takes one line; a block's first line is its own, its children follow, and it ends where a bracket closes at
    its own indent.
    """
    yield index, step.path
    if step.is_leaf:
        return
    index += 1
    for child in step.children:
        yield from _located(child, texts, index)
        index = _end(texts, index)


def _end(texts: list[str], index: int) -> int:
    """The line after a constructor call that begins at `index`."""
    if not texts[index].split("  #")[0].endswith("("):
        return index + 1
    indent = len(texts[index]) - len(texts[index].lstrip())
    closing = " " * indent + ")"
    index += 1
    while not texts[index].startswith(closing):
        index += 1
    return index + 1
