"""Below a run on names: how names become numbers, and what the network says of one that somebody types."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from netlib import Message
from netlib.training import RunSpec
from netlib.training.data.arrays import DataUnavailable
from netlib.training.data.datasets import data_set
from netlib.training.data.feeding import feeding
from netlib.training.data.names import LONGEST, NoName, Packing, codes, packing, read_name
from netlib.training.sentence import from_data, to_data
from netlib.training.workers.pool import Pool
from ui.component import load as load_picture
from ui.numbers import exact, percent
from ui.training.answers import Answers
from ui.training.reading import Reading
from ui.words import tr

TYPED = "training_name"
"""Where the session keeps the name that was typed, and why it is none."""
EXAMPLES = ("Zhou", "Dubinin", "Schumacher")
"""Of 4, 7 and 10 letters."""
KEPT = 200
ANSWER_SECONDS = 120.0
LOOK_MILLISECONDS = 250
KINDS = frozenset({"checkpoint", "weights"})
KEY = "training_letters"
LANGUAGES = "names17"
"""The data set whose labels are languages."""


def draw_letters(
    pool: Pool, answers: Answers, reading: Reading | None, spec: RunSpec
) -> Callable[[], None] | None:
    """What draws the part, None where the data are no texts; worked out now, drawn later."""
    try:
        if data_set(spec.data).task != "text":
            return None
    except DataUnavailable:  # somebody had brought them, and they are gone
        return None
    data = letters(pool, answers, reading, spec, st.session_state.get(TYPED))
    return lambda: load_picture("training", "look")(
        KEY, data, settled=lambda: _typed(st.session_state[KEY]["settled"])
    )


def letters(
    pool: Pool, answers: Answers, reading: Reading | None, spec: RunSpec, typed: object
) -> dict[str, Any]:
    """What the picture draws.

    Args:
        pool: its workers answer what the network says.
        answers: what they have answered.
        reading: the run that is shown, None before the first.
        spec: its settings, or those of the next run.
        typed: what the session keeps of what was typed.
    """
    text, why = _kept(typed)
    way = feeding(data_set(spec.data), spec.network.input)
    most = min(LONGEST, way.steps) if way else LONGEST
    name = None
    if text and why is None:
        try:
            name = read_name(text, most)
        except NoName as error:
            why = error.message
    guess, waits = _guess(pool, answers, reading, name) if name else (None, False)
    if isinstance(guess, Message):
        why, guess = guess, None
    names = [name, *EXAMPLES] if name else list(EXAMPLES)
    return {
        "part": "letters",
        "typed": text,
        "why": tr(why) if why else "",
        "stages": stages(packing(names)),
        "guess": guess,
        "can": _has_weights(pool, reading),
        "look": {"every": LOOK_MILLISECONDS} if waits else {"every": None},
        "words": _words(spec.data.name),
    }


def stages(found: Packing) -> dict[str, Any]:
    """A batch of names before and after each step of its preparation."""
    saved = 1 - found.cells / found.padded_cells
    return {
        "names": list(found.names),
        "codes": [codes(name) for name in found.names],
        "order": list(found.order),
        "steps": len(found.batch_sizes),
        "batchSizes": list(found.batch_sizes),
        "says": {
            "codes": tr("Each letter is a number: its ASCII code."),
            "padded": tr(
                "Shorter names are filled up with 0, so that all have {steps} steps.",
                steps=exact(len(found.batch_sizes)),
            ),
            "sorted": tr("The longest comes first."),
            "packed": tr(
                "Only while letters are left: {cells} of {all} cells, {saved} saved.",
                cells=exact(found.cells),
                all=exact(found.padded_cells),
                saved=percent(saved, 0),
            ),
        },
    }


def _guess(
    pool: Pool, answers: Answers, reading: Reading | None, name: str
) -> tuple[dict[str, Any] | Message | None, bool]:
    """What the network says of a name, or why it says nothing; and whether an answer is still to come."""
    step = _kept_step(pool, reading)
    if reading is None or step is None:
        return None, False
    payload = {
        "database": str(pool.history.path),
        "run": reading.row.id,
        "generation": reading.row.generation,
        "step": step,
        "name": name,
    }
    answer = answers.ask(pool, "name_guess", payload, ANSWER_SECONDS)
    if answer is None or isinstance(answer, Message):
        return answer, answer is None
    lines = [
        {
            "read": str(answer["name"])[: place + 1],
            "best": [
                {"class": kind, "share": chance, "sure": percent(chance, 0)}
                for kind, chance in answer["guesses"][place]
            ],
        }
        for place in range(len(answer["guesses"]))
    ]
    return {"lines": lines, "says": tr("Weights of step {step}.", step=exact(answer["step"]))}, False


def _kept_step(pool: Pool, reading: Reading | None) -> int | None:
    """The step of the latest weights of the run's present generation."""
    if reading is None:
        return None
    row = reading.row
    steps = [
        found.step
        for found in pool.history.snapshots(row.id)
        if found.kind in KINDS and found.generation == row.generation
    ]
    return max(steps, default=None)


def _has_weights(pool: Pool, reading: Reading | None) -> bool:
    return _kept_step(pool, reading) is not None


def _kept(typed: object) -> tuple[str, Message | None]:
    """The text, and why it is no name where that is known already."""
    if not isinstance(typed, Mapping):
        return "", None
    return str(typed.get("text", ""))[:KEPT], from_data(typed.get("why"))


def _typed(settled: object) -> None:
    """Keeps what a browser says was typed: what is far too long is judged here, and only its beginning kept."""
    text = settled.get("name") if isinstance(settled, Mapping) else None
    if not isinstance(text, str):
        return
    why = None
    if len(text) > KEPT:
        try:
            read_name(text)
        except NoName as error:
            why = to_data(error.message)
    st.session_state[TYPED] = {"text": text[:KEPT], "why": why}


def _words(data: str) -> dict[str, str]:
    return {
        "title": tr("How names become numbers"),
        "codes": tr("Codes"),
        "padded": tr("Padded"),
        "sorted": tr("Sorted"),
        "packed": tr("Packed"),
        "stage": tr("step of the preparation"),
        "batchSizes": tr("batch_sizes"),
        "guess": tr("Type a name"),
        "placeholder": tr("a name"),
        "read": tr("read so far"),
        "waits": tr("The network reads…"),
        "none": tr("Once a run has kept weights, the network reads a name letter by letter."),
        "rough": tr("It was trained on whole names only: what it says of a beginning is rough."),
        "caution": tr("It tells languages' lists of names apart, not where anybody is from.")
        if data == LANGUAGES
        else tr("It tells the lists of names in the file apart, and knows nothing else of anybody."),
    }
