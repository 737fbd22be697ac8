"""A sample on its way through the network at the step that is looked at: what each layer makes of it, and the verdict."""

import base64
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from netlib import Message, Trace, trace
from netlib.training.data.arrays import DataUnavailable
from netlib.training.data.datasets import DIGITS, DataSet, data_set
from netlib.training.store.history import History
from netlib.training.store.kept_weights import weight_rows
from netlib.training.workers.keeper import Answer
from netlib.training.workers.pool import Pool
from ui.component import load as load_picture
from ui.numbers import dimensions, exact, percent, significant
from ui.training.answers import Answers
from ui.training.inside import looked_at
from ui.training.looking import THROUGH_KEY, Look, look, run_of
from ui.training.reading import Reading
from ui.training.shown import first_of, frames_of, label, sheet
from ui.words import tr

ANSWER_SECONDS = 60.0
LOOK_MILLISECONDS = 200
MOST_BARS = 10
"""Classes that are named, the likeliest."""
WATCHED = frozenset({"starting", "running", "stopping"})
"""States in which a worker is asked only once somebody has picked or drawn something: it shares the machine."""


def draw_through(pool: Pool, answers: Answers, reading: Reading | None) -> Callable[[], None] | None:
    """What draws the part, None where there is nothing of the kind; worked out now, drawn later."""
    data = through(pool, answers, reading, look(st.session_state, reading))
    if data is None:
        return None
    return lambda: load_picture("training", "look")(THROUGH_KEY, data)


def through(pool: Pool, answers: Answers, reading: Reading | None, looked: Look) -> dict[str, Any] | None:
    """What the picture draws.

    Args:
        pool: its workers compute what the layers give.
        answers: what they have answered.
        reading: the run that is shown, None before the first.
        looked: the step and the sample.
    """
    if reading is None or reading.spec is None:
        return None
    try:
        about = data_set(reading.spec.data)
    except DataUnavailable:  # somebody had brought them, and they are gone
        return None
    frames, first = frames_of(pool.history, reading), first_of(pool.history, reading)
    if about.task == "text" or not frames or first is None:
        return None
    step = looked_at(frames, looked)
    kept, why = _kept_step(pool.history, reading, step)
    is_wanted = looked.picked is not None or looked.drawn is not None or reading.row.state not in WATCHED
    if why == "" and about.task == "image" and not is_wanted:
        why = tr(
            "Pick an image above or draw one, and see what each layer makes of it while the network learns."
        )
    answer: Answer | None = None
    if kept is not None and (is_wanted or about.task == "sequence"):
        answer = answers.ask(pool, "activations", _payload(pool, reading, looked, kept), ANSWER_SECONDS)
    waits = answer is None and not why
    if isinstance(answer, Message):
        why = tr(answer)
        answer = None
    found = _found(answer, trace(reading.spec.network), about) if answer is not None else None
    if found is not None and not found["layers"] and about.task == "sequence":
        return None
    return {
        "part": "through",
        "kind": about.task,
        "run": run_of(reading),
        "when": tr("weights {when}", when=label(kept, reading.epoch_steps)["long"])
        if kept is not None
        else "",
        "why": why,
        "can": kept is not None,
        "found": found,
        "look": {"every": LOOK_MILLISECONDS} if waits else {"every": None},
        "words": _words(about),
        **_sample(about, first, looked, reading),
    }


def _payload(pool: Pool, reading: Reading, looked: Look, kept: int) -> dict[str, Any]:
    """Asked about the step of the weights themselves, so that steps with the same ones share an answer."""
    sample: dict[str, Any] = {"picked": looked.picked or 0}
    if looked.drawn is not None:
        sample = {"drawn": base64.b64encode(looked.drawn).decode("ascii")}
    where = {"database": str(pool.history.path), "run": reading.row.id, "generation": reading.row.generation}
    return {**where, "step": kept, **sample}


def _kept_step(history: History, reading: Reading, step: int) -> tuple[int | None, str]:
    """The step of the weights to use, and why there are none."""
    steps = [row.step for row in weight_rows(history, reading.row.id, reading.row.generation)]
    before = [kept for kept in steps if kept <= step]
    if before:
        return max(before), ""
    if steps:
        first = label(min(steps), reading.epoch_steps)["long"]
        return None, tr("No weights were kept so early; the first are those {when}.", when=first)
    return None, tr("This run has kept no weights: they are kept at the end of an epoch.")


def _sample(about: DataSet, first: Mapping[str, Any], looked: Look, reading: Reading) -> dict[str, Any]:
    if about.task == "sequence":
        return {"letters": list(reading.spec.data.source) if reading.spec else []}
    number = min(looked.picked or 0, len(first["targets"]) - 1)
    _, height, width = about.dims
    return {
        "sheet": sheet(first["pixels"].tobytes(), first["pixels"].shape),
        "count": len(first["targets"]),
        "picked": number,
        "truth": None if looked.drawn is not None else about.class_names[int(first["targets"][number])],
        "size": [height, width],
        "draws": about.dims[0] == 1,
        "drawn": base64.b64encode(looked.drawn).decode("ascii") if looked.drawn is not None else None,
    }


def _found(answer: Mapping[str, Any], traced: Trace, about: DataSet) -> dict[str, Any]:
    chances = answer["probabilities"]
    bars = _bars(chances, about.class_names) if about.task == "image" else []
    return {"bars": bars, "layers": [_layer(layer, traced) for layer in answer["layers"]]}


def _bars(chances: Sequence[float], names: Sequence[str]) -> list[dict[str, Any]]:
    """All classes in their order where they are few, else the likeliest first."""
    places = list(range(len(names)))
    if len(names) > MOST_BARS:
        places = sorted(places, key=lambda place: -chances[place])[:MOST_BARS]
    best = max(places, key=lambda place: chances[place])
    return [
        {"name": names[at], "share": chances[at], "sure": percent(chances[at], 0), "said": at == best}
        for at in places
    ]


def _layer(layer: Mapping[str, Any], traced: Trace) -> dict[str, Any]:
    step = next((one for one in traced.steps if one.path == layer["path"]), None)
    shape, count, (lane, backward) = layer["shape"], layer["count"], layer["lane"]
    name = traced.where(step) if step else layer["path"]
    if layer["kind"] == "steps" and lane:
        name = tr("{name}, layer {number}", name=name, number=exact(lane + 1))
    if backward:
        name = tr("{name}, backward", name=name)
    shown = shape[1] if layer["kind"] == "steps" else shape[0]
    cut = "" if shown == count else tr("the first {kept} of {count}", kept=exact(shown), count=exact(count))
    return {
        "name": name,
        "kind": layer["kind"],
        "dims": dimensions(step.output.dims) if step and step.output else "",
        "cut": cut,
        "shape": shape,
        "bytes": layer["bytes"],
        "most": significant(layer["most"], 2) if layer["most"] is not None else "",
        "scale": layer["most"],
    }


def _words(about: DataSet) -> dict[str, str]:
    is_digit = about.class_names == DIGITS
    return {
        "title": tr("Hidden states, letter by letter")
        if about.task == "sequence"
        else tr("One image through the network"),
        "draw": tr("Draw a digit here") if is_digit else tr("Draw here"),
        "hint": tr("Large and in the middle, as the samples are; or pick one of the images above."),
        "pick": tr("Pick another of the images above."),
        "clear": tr("Clear"),
        "picked": tr("validation image {number}, a {truth}"),
        "yours": tr("your drawing"),
        "says": tr("What it says"),
        "waits": tr("A worker runs it through…"),
        "none": tr("Some of these values are no numbers: the weights have diverged."),
        "map": tr("map {number}"),
        "cell": tr("step {step}, unit {unit}: {value}"),
    }
