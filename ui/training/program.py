"""A run that has ended as a Python file and as a notebook, to be saved."""

import functools
from typing import Any

from netlib.errors import NetlibError
from netlib.training.data.datasets import data_set
from netlib.training.program.notebook import notebook
from netlib.training.program.record import Record, recorded
from netlib.training.program.script import script
from netlib.training.program.settings import packages
from netlib.training.store.history import History
from ui.numbers import exact
from ui.training.reading import Reading
from ui.words import tr


def program(history: History, reading: Reading) -> dict[str, Any] | None:
    """What the picture draws; None for a run that no program can repeat: its settings or its data are not known here."""
    if reading.spec is None:
        return None
    try:
        record, python, cells = _texts(history, reading.row.id, reading.row.generation, reading.row.step)
    except (NetlibError, ValueError):  # data of unknown origin, a network this version would not build
        return None
    name = f"run-{reading.row.id}"
    return {
        "part": "program",
        "files": [
            {"word": tr("Python program"), "name": f"{name}.py", "type": "text/x-python", "text": python},
            {
                "word": tr("Notebook"),
                "name": f"{name}.ipynb",
                "type": "application/x-ipynb+json",
                "text": cells,
            },
        ],
        "says": _says(reading, record),
    }


def _says(reading: Reading, record: Record) -> str:
    assert reading.spec is not None
    needed = packages(data_set(reading.spec.data), record)
    with_ = tr("needs {first} and {second}", first=needed[0], second=needed[1])
    if reading.spec.device != "cpu":
        return tr("Repeats this run; {with_}.", with_=with_)
    return tr(
        "Repeats this run and checks {steps} losses bit for bit; {with_}.",
        steps=exact(record.steps),
        with_=with_,
    )


@functools.lru_cache(maxsize=32)
def _texts(history: History, run: str, generation: int, step: int) -> tuple[Record, str, str]:
    del generation, step  # what tells a run from what it was before it went on
    record, spec = recorded(history, run), history.state(run).spec()
    return record, script(spec, record), notebook(spec, record)
