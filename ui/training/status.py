"""A run's state in words: one word with a sign, one sentence, and what a person can do about it."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from netlib import Message
from netlib.training import reasons
from netlib.training.run.ending import ADAM
from netlib.training.run.remedy import may_clip
from netlib.training.states import CALLED
from netlib.training.store.records import RunRow
from netlib.training.workers.pool import Pool
from ui.numbers import exact, seconds
from ui.training.further import Further
from ui.training.outlook import LOADING_SECONDS, Wait, is_silent, wait
from ui.training.rates import written
from ui.training.reading import Reading
from ui.words import tr

Tone = Literal["calm", "going", "waiting", "good", "problem"]

TONES: dict[str, Tone] = {
    "queued": "waiting",
    "starting": "waiting",
    "running": "going",
    "paused": "waiting",
    "stopping": "waiting",
    "stopped": "calm",
    "finished": "good",
    "diverged": "problem",
    "failed": "problem",
    "lost": "problem",
}
QUEUED, STARTING = CALLED["queued"], CALLED["starting"]


@dataclass(frozen=True)
class Action:
    """A button: what it says, and what it proposes when it is pressed."""

    do: str
    word: str

    def data(self) -> dict[str, str]:
        """The action as the picture draws it."""
        return {"do": self.do, "word": self.word}


@dataclass(frozen=True)
class Status:
    """The state in a word, its tone, the sentence after it, what else is worth knowing, and ways on."""

    word: str
    tone: Tone
    says: str
    ways: Sequence[Action] = ()
    advice: str = ""

    def data(self) -> dict[str, Any]:
        """The status as the picture draws it."""
        return {
            "word": self.word,
            "tone": self.tone,
            "says": self.says,
            "advice": self.advice,
            "ways": [way.data() for way in self.ways],
        }


def status(reading: Reading, pool: Pool, on: Further | None = None) -> Status:
    """The status of a run that there is; `on` is how it can go on once it has ended."""
    row = reading.row
    if (unsaved := pool.unsaved(row.id)) is not None:
        return _said(reading, tr(unsaved), tone="problem")
    if is_silent(row, reading.seconds_a_step):
        says = tr("Nothing has been heard of this run for a while: it does not respond.")
        return _said(reading, says, [Action("end_now", tr("End it now"))], tone="problem")
    match row.state:
        case "queued":
            return _queued(row, pool)
        case "starting":
            return _said(reading, tr("The data are loaded and the network is built."))
        case "running":
            return _said(reading, progress(reading))
        case "paused":
            return _said(reading, tr("It waits after step {step}.", step=exact(row.step)))
        case "stopping":
            return _said(
                reading, tr("It stops after the step in progress."), [Action("end_now", tr("End it now"))]
            )
        case _:
            return _said(reading, tr(row.reason) if row.reason else "", ways_on(reading, on))


def _queued(row: RunRow, pool: Pool) -> Status:
    """A run that nobody is at yet: its place, or that PyTorch is loading, or why it does not."""
    about = pool.status()
    trouble = tr(about.message) if about.message else ""
    if about.warm == 0:
        return Status(tr(STARTING), "waiting", loading(time.time() - row.created), advice=trouble)
    return Status(tr(QUEUED), "waiting", waiting(wait(pool, row.id)), advice=trouble)


def loading(seconds: float) -> str:
    """What a run waits for that has waited so long for the first worker."""
    if seconds < LOADING_SECONDS:
        return tr("PyTorch is loading, about 5 s.")
    return tr("PyTorch is still loading: the machine is busy.")


def _said(reading: Reading, says: str, ways: Sequence[Action] = (), tone: Tone | None = None) -> Status:
    state = reading.row.state
    return Status(tr(CALLED[state]), tone or TONES[state], says, ways, advice(reading))


def advice(reading: Reading) -> str:
    """The latest sentence that the run itself has left on its way: what to try, what could not be stored."""
    left = _left(reading)
    if left is None:
        return ""
    return " ".join(filter(None, (tr(left), _steered(reading) if _has_learnt_nothing(left) else "")))


def _has_learnt_nothing(left: Message | None) -> bool:
    return left is not None and left.template in reasons.LEARNT_NOTHING


def _steered(reading: Reading) -> str:
    """That another learning rate than the run's was set by hand; it may be the cause."""
    if not reading.rates:
        return ""
    step, rate = list(reading.rates.items())[-1]
    return tr(
        "Its learning rate was set to {rate} by hand at step {step}.", rate=written(rate), step=exact(step)
    )


def _left(reading: Reading) -> Message | None:
    for event in reversed(reading.events):
        if event.generation != reading.row.generation:
            continue
        if event.kind == "continued":
            break  # what was said before is about an end that is none any more
        if event.kind == "message" and event.message:
            return event.message
    return None


def waiting(found: Wait | None) -> str:
    """Why a run has not begun, and about how long it will be."""
    if found is None:
        return tr("A worker takes it.")
    if found.paused:
        return tr("Number {place} in the queue, behind a run that is paused.", place=exact(found.place))
    if found.seconds is None:
        return tr("Number {place} in the queue.", place=exact(found.place))
    return tr(
        "Number {place} in the queue, about {wait}.", place=exact(found.place), wait=seconds(found.seconds)
    )


def progress(reading: Reading) -> str:
    """How far a run has come, in epochs."""
    epoch_steps, spec = reading.epoch_steps, reading.spec
    if not epoch_steps or spec is None:
        return ""
    epoch = min(reading.row.step // epoch_steps + 1, spec.limits.epochs or reading.row.step)
    if spec.limits.epochs is None:
        return tr("Epoch {epoch}.", epoch=exact(epoch))
    return tr("Epoch {epoch} of {epochs}.", epoch=exact(epoch), epochs=exact(spec.limits.epochs))


def ways_on(reading: Reading, on: Further | None = None) -> list[Action]:
    """What to try after a run that did not end well: its reason names the numbers."""
    row = reading.row
    if row.state in ("finished", "stopped"):
        return _ways_to_learn(reading) if _has_learnt_nothing(_left(reading)) else []
    values = row.reason.values if isinstance(row.reason, Message) else {}
    found = [Action("continue", on.word)] if on and row.state in ("lost", "diverged") else []
    if isinstance(rate := values.get("rate"), float):
        found.append(Action("again_rate", tr("Run again at learning rate {rate}", rate=written(rate))))
        if reading.spec and may_clip(reading.learning_rate or 0.0, reading.spec):
            found.append(Action("again_clip", tr("Run again with gradients clipped at 1")))
    if isinstance(batch := values.get("batch"), int):
        found.append(Action("again_batch", tr("Run again with batch {batch}", batch=exact(batch))))
    if row.state == "lost":
        found.append(Action("again", tr("Run again")))
    return found


def _ways_to_learn(reading: Reading) -> list[Action]:
    """What to try after a run that has learnt nothing."""
    spec, found = reading.spec, list[Action]()
    if spec and reading.rates:  # which running it again does not repeat
        rate = written(spec.optimiser.learning_rate)
        found.append(Action("again", tr("Run again at learning rate {rate}", rate=rate)))
    if spec and spec.optimiser.name not in ADAM:
        found.append(Action("again_adam", tr("Run again with Adam")))
    if spec and spec.limits.epochs is not None:
        found.append(Action("again_longer", tr("Run again for three times the epochs")))
    return found
