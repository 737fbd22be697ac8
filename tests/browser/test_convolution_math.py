"""The convolution picture's own arithmetic against netlib and torch, over thousands of random settings."""

import random
import re
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
import torch
from playwright.sync_api import Browser, Page
from torch.nn import functional

from netlib import Trace, trace
from tests.browser.convolution_states import State, asked, states
from ui.convolution.layer import network_of
from ui.convolution.state import ConvolutionState
from ui.lab.counts import counted

MANY = states(2_000, seed=7)
FEW = [s for s in states(400, seed=8, largest=7) if trace(network_of(ConvolutionState.model_validate(s))).ok][
    :160
]

ANSWERS = """(states) => states.map((state) => {
  const refusal = conv.refusalOf(state);
  if (refusal) return { refusal };
  const counted = conv.countedHere(state);
  return {
    refusal: null,
    counted,
    code: conv.codeOf(state).map(([text]) => text).join(""),
    formulas: conv.axisIndices(state).map((index) => conv.formulaOf(state, index).map(({ text }) => text).join("")),
    dropped: conv.axisIndices(state).map((index) => conv.droppedOf(conv.axisOf(state, index))),
    weight: conv.weightShape(state),
  };
})"""

TRIPLES = """(states) => states.map((state) => [0, 1].map((index) => {
  const relation = conv.relationOf(state, index);
  const found = [];
  for (const triples of relation.byTap)
    for (const { x, j, o } of triples) {
      const left = relation.leftCell(x);
      const right = relation.rightCell(o);
      if (left.source !== null && right.kind === "out") found.push([left.source, j, right.index]);
    }
  return found;
}))"""

USERS = """(states) => states.map((state) => {
  const scene = conv.sceneOf(state);
  const found = {};
  for (let row = 0; row < scene.rows.left; row++)
    for (let column = 0; column < scene.columns.left; column++) {
      const { kind, source } = conv.leftCellOf(scene, row, column);
      if (kind !== "data") continue;
      const lit = conv.litBy(scene, { grid: "left", row, column });
      const outputs = [...lit.right.keys()].map((key) => conv.rightCellOf(scene, ...conv.cellOf(key)));
      found[source] = outputs.filter(({ kind }) => kind === "out").map(({ index }) => String(index)).sort();
    }
  return found;
})"""


@pytest.fixture(scope="module")
def conv(chromium: Browser) -> Iterator[Page]:
    names = (
        "refusalOf, countedHere, codeOf, axisIndices, formulaOf, droppedOf, axisOf, weightShape, relationOf, sceneOf, "
        "leftCellOf, rightCellOf, litBy, cellOf, inputValues, weightValues, stackRefusal, layerStates, programOf, "
        "reachesOf, fieldOf, outputSizes"
    )
    page = asked(chromium, *names.split(", "))
    yield page
    page.close()


def traced(state: State) -> Trace:
    return trace(network_of(ConvolutionState.model_validate(state)))


def formula(text: str) -> str:
    """netlib's formula in the picture's signs."""
    rounded = re.sub(r"floor\((.*) / (\d+)\)", r"⌊\1 / \2⌋", text)
    return re.sub(r"ceil\((.*) / (\d+)\)", r"⌈\1 / \2⌉", rounded).replace(" · ", "·").replace(",", "")


def test_half_of_the_settings_run_and_every_layer_is_among_them() -> None:
    ok = [s for s in MANY if traced(s).ok]
    assert 0.3 < len(ok) / len(MANY) < 0.8
    assert {s["layer"] for s in ok} == {"conv", "transposed", "max", "average"}


def test_the_picture_counts_refuses_and_writes_as_netlib_does(conv: Page) -> None:
    answers = conv.evaluate(ANSWERS, MANY)
    differing = []
    for state, answer in zip(MANY, answers, strict=True):
        found = traced(state)
        if found.ok != (answer["refusal"] is None):
            differing.append((state, answer["refusal"], [str(s.problem) for s in found.problems]))
            continue
        if not found.ok:
            continue
        expected = counted(found)
        here = answer["counted"]
        layer = expected["layers"][0]
        pairs: list[tuple[Any, Any]] = [
            (here["input"], expected["input"]),
            (here["output"], expected["output"]),
            *((here[name]["value"], expected[name]["value"]) for name in ("params", "macs", "memory")),
            *((here[name]["text"], expected[name]["text"]) for name in ("params", "macs", "memory")),
            (answer["code"], layer["code"]),
            *(
                (mine.split(" = ", 1)[1].replace(" · ", "·"), formula(size["text"]))
                for mine, size in zip(answer["formulas"], layer["size"].values(), strict=True)
            ),
        ]
        differing += [(state, mine, theirs) for mine, theirs in pairs if mine != theirs]
    assert differing[:3] == []


def test_what_rounding_drops_is_what_netlib_notes(conv: Page) -> None:
    answers = conv.evaluate(ANSWERS, MANY)
    seen = 0
    for state, answer in zip(MANY, answers, strict=True):
        found = traced(state)
        if not found.ok or state["layer"] == "transposed" or state["pad"] == "same":
            continue
        noted = {note.values["axis"]: note.values["count"] for note in found.leaves[0].notes}
        names = ("L",) if state["axes"] == 1 else ("H", "W")
        for name, dropped in zip(names, answer["dropped"], strict=True):
            assert dropped["input"] == noted.get(name, 0), state
            seen += dropped["input"] > 0
    assert seen > 50


def test_the_weights_shape_is_torchs(conv: Page) -> None:
    answers = conv.evaluate(ANSWERS, FEW)
    for state, answer in zip(FEW, answers, strict=True):
        if state["layer"] in ("conv", "transposed"):
            module = traced(state).leaves[0].node.make()  # type: ignore[union-attr]  # a leaf's node is a call
            assert answer["weight"] == list(module.weight.shape), state


def test_every_input_kernel_and_output_cell_that_belong_together_do_so_in_torch(conv: Page) -> None:
    """With one input cell and one weight set, an output is there exactly where the picture joins the three."""
    found = conv.evaluate(TRIPLES, FEW)
    for state, (down, across) in zip(FEW, found, strict=True):
        mine = {(i, j, o, m, k, n) for (i, j, o), (m, k, n) in product(map(tuple, down), map(tuple, across))}
        assert mine == torchs_triples(state), state


def torchs_triples(state: State) -> set[tuple[int, ...]]:
    """(input row, tap row, output row, input column, tap column, output column) of everything that torch joins."""
    height, width = (1 if state["axes"] == 1 else state["size"][0]), state["size"][1]
    cells = torch.eye(height * width).reshape(-1, 1, height, width)
    kernel = [1 if state["axes"] == 1 else state["kernel"][0], state["kernel"][1]]
    found: set[tuple[int, ...]] = set()
    for tap in product(range(kernel[0]), range(kernel[1])):
        for cell, row, column in (applied(state, cells, kernel, tap) > 0.5).squeeze(1).nonzero().tolist():
            found.add((cell // width, tap[0], row, cell % width, tap[1], column))
    return found


def applied(state: State, cells: torch.Tensor, kernel: list[int], tap: tuple[int, int]) -> torch.Tensor:
    """The layer on one plane, with a kernel that is 1 at `tap` and 0 elsewhere."""
    flat = state["axes"] == 1
    stride, padding, dilation, more = (
        [fill, state[name][1]] if flat else list(state[name])
        for name, fill in (("stride", 1), ("padding", 0), ("dilation", 1), ("output_padding", 0))
    )
    weight = torch.zeros(1, 1, *kernel)
    weight[0, 0, tap[0], tap[1]] = 1
    if state["layer"] == "transposed":
        return functional.conv_transpose2d(
            cells, weight, stride=stride, padding=padding, output_padding=more, dilation=dilation
        )
    if state["layer"] in ("max", "average"):
        # A pool is a convolution whose windows torch's own pool counts: rounding up adds some at the end.
        dilation = dilation if state["layer"] == "max" else [1, 1]
        windows = traced(state).output
        assert windows is not None
        sizes = [1, *windows.spatial] if flat else list(windows.spatial)
        need = [
            (o - 1) * s + d * (k - 1) + 1 for o, s, d, k in zip(sizes, stride, dilation, kernel, strict=True)
        ]
        after = [n - i - p for n, i, p in zip(need, cells.shape[2:], padding, strict=True)]
        cells = functional.pad(cells, (padding[1], after[1], padding[0], after[0]))
        return functional.conv2d(cells, weight, stride=stride, dilation=dilation)
    if state["pad"] != "number":
        total = [d * (k - 1) if state["pad"] == "same" else 0 for d, k in zip(dilation, kernel, strict=True)]
        before = [t // 2 for t in total]
        after = [t - b for t, b in zip(total, before, strict=True)]
    else:
        before = after = padding
    around = (before[1], after[1], before[0], after[0])
    mode = "constant" if state["padding_mode"] == "zeros" else str(state["padding_mode"])
    if any(around) and mode == "constant":
        cells = functional.pad(cells, around)
    else:
        if before[1] or after[1]:
            cells = functional.pad(cells, (before[1], after[1], 0, 0), mode=mode)
        if before[0] or after[0]:
            cells = functional.pad(cells, (0, 0, before[0], after[0]), mode=mode)
    return functional.conv2d(cells, weight, stride=stride, dilation=dilation)


def test_the_users_of_an_input_cell_are_the_outputs_that_change_with_it(conv: Page) -> None:
    """Against the real module: an output depends on a cell exactly when the picture says that it uses it."""
    for state, found in zip(FEW, conv.evaluate(USERS, FEW), strict=True):
        height, width = (1 if state["axes"] == 1 else state["size"][0]), state["size"][1]
        touched = dependence(state, height, width)
        for key, outputs in found.items():
            row, column = map(int, key.split(","))
            expected = sorted(f"{r},{c}" for r, c in touched[row * width + column].nonzero().tolist())
            assert outputs == expected, (state, key)


def dependence(state: State, height: int, width: int) -> torch.Tensor:
    """cells × output rows × output columns: where an output changes when one cell of every channel does."""
    module = traced(state).leaves[0].node.make()  # type: ignore[union-attr]  # a leaf's node is a call
    if hasattr(module, "weight"):
        torch.nn.init.constant_(module.weight, 1.0)
        if module.bias is not None:
            torch.nn.init.zeros_(module.bias)
    cells = torch.eye(height * width).reshape(-1, 1, height, width).expand(-1, state["channels"], -1, -1)
    if state["axes"] == 1:
        cells = cells.squeeze(2)
    with torch.no_grad():
        output: torch.Tensor = module(cells).amax(1)
    return output.unsqueeze(1) > 1e-6 if state["axes"] == 1 else output > 1e-6


NUMBERS = """(states) => states.map((state) => {
  const scene = conv.sceneOf({ ...state, view: "values" });
  const found = [];
  for (let row = 0; row < scene.rows.right; row++)
    for (let column = 0; column < scene.columns.right; column++) {
      const { kind, index } = conv.rightCellOf(scene, row, column);
      if (kind === "out") found.push([...index, scene.values.right(row, column).value]);
    }
  return { input: conv.inputValues(state), weights: conv.weightValues(state), found };
})"""


def test_whole_numbers_come_out_as_torch_computes_them(conv: Page) -> None:
    chance = random.Random(9)
    plain = [_one_plane(chance, state) for state in FEW]
    for state, answer in zip(plain, conv.evaluate(NUMBERS, plain), strict=True):
        expected = torchs_numbers(state, answer["input"], answer["weights"])
        assert len(answer["found"]) == expected.numel(), state
        for row, column, value in answer["found"]:
            if state["layer"] == "average":
                assert value == pytest.approx(float(expected[row, column]), rel=1e-12), (state, row, column)
            else:
                assert value == expected[row, column], (state, row, column)


def _one_plane(chance: random.Random, state: State) -> State:
    """The setting with one channel, and numbers set by hand in about half of the cases."""
    height, width = (1 if state["axes"] == 1 else state["size"][0]), state["size"][1]
    taps = (1 if state["axes"] == 1 else state["kernel"][0]) * state["kernel"][1]
    own = {
        "cells": [chance.randint(-9, 9) for _ in range(height * width)] if chance.random() < 0.5 else [],
        "weights": [chance.randint(-9, 9) for _ in range(taps)] if chance.random() < 0.5 else [],
        "pattern": chance.choice(("ring", "edge", "spot", "ramp", "checks")),
        "filter": chance.choice(("edge", "vertical", "blur", "sharpen", "identity")),
    }
    return {**state, "channels": 1, "filters": 1, "groups": 1, "bias": False, **own}


def torchs_numbers(state: State, cells: list[int], weights: list[int]) -> torch.Tensor:
    """What the real module makes of these numbers, in float64: rows × columns."""
    module = traced(state).leaves[0].node.make().double()  # type: ignore[union-attr]  # a leaf's node is a call
    if hasattr(module, "weight"):
        module.weight.data = torch.tensor(weights, dtype=torch.float64).reshape(module.weight.shape)
    sides = [1, 1, state["size"][1]] if state["axes"] == 1 else [1, 1, *state["size"]]
    with torch.no_grad():
        output: torch.Tensor = module(torch.tensor(cells, dtype=torch.float64).reshape(sides))
    return output.reshape(-1, output.shape[-1])


ROWS = """(states) => states.map((state) => {
  const refusal = conv.stackRefusal(state);
  if (refusal) return { refusal };
  const layers = conv.layerStates(state);
  const units = (size) => [0, Math.floor((size - 1) / 2), size - 1];
  return {
    refusal: null,
    counted: conv.countedHere(state),
    program: conv.programOf(state).map(([text]) => text).join(""),
    reaches: conv.axisIndices(state).map((index) => conv.reachesOf(layers, index)),
    fields: conv.axisIndices(state).map((index) => layers.map((layer, place) =>
      units(conv.outputSizes(layer)[index]).map((unit) => [unit, conv.fieldOf(layers, place + 1, index, unit).at(-1)]))),
  };
})"""


def rows(count: int) -> list[State]:
    """Settings in the view of a row, with up to four layers behind the first."""
    chance = random.Random(10)
    found = []
    for state in states(count, seed=11, largest=20):
        behind = [
            [chance.randint(1, 4), chance.randint(1, 3), chance.randint(0, 2), chance.randint(1, 2)]
            for _ in range(chance.randint(0, 4))
        ]
        found.append({**state, "groups": 1, "view": "stack", "stack": [n for layer in behind for n in layer]})
    return found


def test_a_row_of_layers_counts_and_sees_as_netlib_says(conv: Page) -> None:
    many = rows(600)
    running = 0
    for state, answer in zip(many, conv.evaluate(ROWS, many), strict=True):
        found = traced(state)
        assert found.ok == (answer["refusal"] is None), (state, answer["refusal"])
        if not found.ok:
            assert answer["refusal"]["place"] == int(found.problems[0].path) + 1
            continue
        running += 1
        expected = counted(found)
        here = answer["counted"]
        assert here["output"] == expected["output"], state
        for name in ("params", "macs", "memory"):
            assert here[name]["value"] == expected[name]["value"], state
            assert here[name]["text"] == expected[name]["text"], state
        lines = [
            line.strip().rstrip(",") for line in answer["program"].splitlines() if "Sequential" not in line
        ]
        assert [line for line in lines if line != ")"] == [layer["code"] for layer in expected["layers"]]
        for index in range(state["axes"]):
            for place, leaf in enumerate(found.leaves):
                assert leaf.reach is not None
                assert leaf.reach.axes is not None
                reach = leaf.reach.axes[index]
                mine = answer["reaches"][index][place]
                assert (mine["size"], mine["jump"]) == (reach.size, pytest.approx(reach.jump)), state
                for unit, field in answer["fields"][index][place]:
                    first, last = reach.first(unit), reach.last(unit)
                    assert field == ([first, last] if first <= last else [0, -1]), (state, place, unit)
    assert running > 150
