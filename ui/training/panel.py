"""The top of the page's right side: buttons, the learning rate under the hand, the state in words, the numbers."""

import time
from typing import Any

from netlib.training.data.arrays import DataUnavailable
from netlib.training.data.datasets import data_set
from netlib.training.run.estimate import sample_counts
from netlib.training.spec import State
from ui.numbers import exact, percent, seconds, signed, significant
from ui.training.further import Further
from ui.training.rates import STOPS, written
from ui.training.reading import Reading
from ui.training.status import Action, Status
from ui.words import tr

NOTHING = "–"
REWINDS = "Back to the first weights. The curve so far stays, faint, and cannot be continued."
STEERED: frozenset[State] = frozenset({"running", "paused"})


def panel(
    reading: Reading | None,
    status: Status,
    steps: int | None,
    ready: bool,
    another: bool,
    look: float | None = None,
    on: Further | None = None,
    spent: str = "",
) -> dict[str, Any]:
    """What the picture draws.

    Args:
        reading: the run that is shown, None before the first.
        status: its state, or that of the settings while there is no run.
        steps: how many the run is to have.
        ready: whether a new run can start.
        another: whether the settings have changed since this run started.
        on: how the run can go on, where it can.
        look: seconds until the page is to look again, None where nothing more will come.
        spent: on what a step's time is spent, in words, where it is known.
    """
    state = reading.row.state if reading else None
    return {
        "part": "panel",
        "buttons": buttons(state, ready, another, on),
        "rate": rate(reading) if reading and state in STEERED else None,
        "status": status.data(),
        "numbers": numbers(reading, steps),
        "spent": " ".join(filter(None, (*(_pace_in_words(reading) if reading else ()), spent))),
        # The moment makes every answer a new one, after which the picture asks again.
        "look": {"every": round(1000 * look), "at": round(1000 * time.monotonic())}
        if look
        else {"every": None},
    }


def buttons(
    state: State | None, ready: bool, another: bool, on: Further | None = None
) -> list[dict[str, Any]]:
    """The buttons that do something in a state, the main one first."""
    start = _button("start", tr("Start training"), "play", primary=True, disabled=not ready)
    match state:
        case "running":
            found = [_button("pause", tr("Pause"), "pause", primary=True), *_stops()]
        case "paused":
            found = [
                _button("resume", tr("Resume"), "play", primary=True),
                _button("step", tr("Step"), "next"),
                _button("step10", "×10", label=tr("Ten steps")),
                *_stops(),
            ]
        case "queued" | "starting":
            found = [_button("stop", tr("Stop"), "stop")]
        case "stopping":
            found = []
        case None:
            return [start, _finding(ready)]
        case _:
            going = [_button("continue", on.word, "next")] if on and state in ("stopped", "finished") else []
            return [
                start,
                *going,
                _button("seed", tr("New seed"), "seed", disabled=not ready),
                _finding(ready),
            ]
    return [*found, _button("another", tr("Start another"), "plus")] if another and ready else found


def _finding(ready: bool) -> dict[str, Any]:
    return _button("find_rate", tr("Find learning rate"), "search", disabled=not ready)


def _stops() -> list[dict[str, Any]]:
    return [_button("stop", tr("Stop"), "stop"), _button("rewind", tr("Rewind"), "rewind", title=tr(REWINDS))]


def _button(do: str, word: str, icon: str = "", **look: Any) -> dict[str, Any]:
    return {**Action(do, word).data(), "icon": icon, **look}


def rate(reading: Reading) -> dict[str, Any] | None:
    """The slider for the learning rate: the rates it stops at, and the one in use."""
    now = reading.learning_rate
    if not now:
        return None
    rates = sorted({*STOPS, now})
    return {
        "label": tr("learning rate"),
        "rates": rates,
        "shown": [written(value) for value in rates],
        "now": rates.index(now),
    }


def numbers(reading: Reading | None, steps: int | None) -> list[dict[str, str]]:
    """The numbers of a run: name, value, and what is news about it; a dash where there is none yet."""
    of = tr("of {steps}", steps=exact(steps)) if steps else ""
    if reading is None:
        names = (
            tr("training loss"),
            tr("validation loss"),
            tr("validation accuracy"),
            tr("a step"),
            tr("left"),
        )
        return [_number(tr("step"), exact(0), of), *(_number(name, NOTHING) for name in names)]
    row = reading.row
    losses = reading.smoothed
    return [
        _number(tr("step"), exact(row.step), of),
        _number(tr("training loss"), significant(float(losses[-1])) if len(losses) else NOTHING),
        _number(tr("validation loss"), _last(reading.validation.values)),
        _accuracy(reading),
        _pace(reading),
        _left(reading),
    ]


def _number(name: str, value: str, news: str = "", tone: str = "") -> dict[str, str]:
    return {"name": name, "value": value, "news": news, "tone": tone}


def _last(values: Any) -> str:
    return significant(float(values[-1])) if len(values) else NOTHING


def _accuracy(reading: Reading) -> dict[str, str]:
    values = reading.accuracy.values
    name = tr("validation accuracy")
    if not len(values):
        return _number(name, NOTHING)
    news, tone = "", ""
    if len(values) > 1 and not reading.row.ended:
        gained = 100 * float(values[-1] - values[-2])
        news, tone = tr("{change} in an epoch", change=signed(gained, 1)), "good" if gained > 0 else ""
    return _number(name, percent(float(values[-1])), news, tone)


def _pace(reading: Reading) -> dict[str, str]:
    pace = reading.seconds_a_step
    return _number(tr("a step"), seconds(pace) if pace else NOTHING)


def _pace_in_words(reading: Reading) -> tuple[str, str]:
    return scheduled(reading), examples(reading)


def scheduled(reading: Reading) -> str:
    """Where the schedule has brought the learning rate; nothing where none moves it, and once the run is over."""
    rate = reading.scheduled_rate
    if rate is None or reading.row.state not in STEERED:
        return ""
    return tr("The schedule has the learning rate at {rate} now.", rate=written(rate))


def examples(reading: Reading) -> str:
    """How many samples a second the run looks at, evaluation included; nothing while that is not known."""
    pace, spec = reading.seconds_a_step, reading.spec
    if not pace or spec is None:
        return ""
    try:
        batch = min(spec.batch, sample_counts(spec, data_set(spec.data))[0])
    except DataUnavailable:  # somebody had brought them, and they are gone
        return ""
    return tr("{count} examples/s.", count=significant(batch / pace))


def _left(reading: Reading) -> dict[str, str]:
    if reading.row.ended:
        return _number(tr("took"), seconds(reading.seconds) if reading.seconds else NOTHING)
    left = reading.seconds_left
    return _number(tr("left"), seconds(left) if left is not None else NOTHING)
