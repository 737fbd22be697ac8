"""What differs between runs: settings, network layer by layer, where they were trained, and what came of it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from netlib import Network, trace
from netlib.training import RunSpec
from netlib.training.states import CALLED
from ui.builder.says import says
from ui.numbers import exact, percent, seconds, significant
from ui.runs.acting import acting, learnt, measured
from ui.runs.catalogue import Entry, data
from ui.runs.told import steps
from ui.training.reading import Reading
from ui.training.settings import NOTHING, label, written
from ui.words import tr

MOST_LAYERS = 60
LONGEST_VALUE = 60


@dataclass(frozen=True)
class Difference:
    """A row of the table: a value of each run, and which of them is the best one, where that can be said."""

    about: str
    label: str
    values: Sequence[str]
    best: int | None = None

    @property
    def differs(self) -> bool:
        """Whether not all are equal."""
        return len(set(self.values)) > 1

    def data(self) -> dict[str, Any]:
        """The row as the picture draws it."""
        return {
            "label": self.label,
            "values": [
                value if len(value) <= LONGEST_VALUE else f"{value[: LONGEST_VALUE - 1]}…"
                for value in self.values
            ],
            "best": self.best,
        }


def differences(entries: Sequence[Entry], readings: Sequence[Reading]) -> list[Difference]:
    """Every row there is, results first."""
    return [*results(entries, readings), *networks(entries, readings), *settings(readings), *places(readings)]


def results(entries: Sequence[Entry], readings: Sequence[Reading]) -> list[Difference]:
    """What came of the runs."""
    losses = [one.summary.loss for one in entries]
    accuracies = [one.summary.accuracy for one in entries]
    last = [float(read.smoothed[-1]) if len(read.loss) else None for read in readings]
    paces = [pace(one, read) for one, read in zip(entries, readings, strict=True)]
    held, taught = _equal(readings, measured), _equal(readings, lambda spec: (learnt(spec), spec.loss))
    worked = _equal(
        readings, lambda spec: (spec.network, acting(spec).get("batch"), spec.device, spec.precision)
    )

    def row(label: str, values: Iterable[str], best: int | None = None) -> Difference:
        return Difference("results", label, list(values), best)

    return [
        row(
            tr("best validation loss"),
            (_or_nothing(value, significant) for value in losses),
            least(losses) if held else None,
        ),
        row(
            tr("best validation accuracy"),
            (_or_nothing(value, percent) for value in accuracies),
            least([None if value is None else -value for value in accuracies]) if held else None,
        ),
        row(
            tr("last training loss"),
            (_or_nothing(value, significant) for value in last),
            least(last) if taught else None,
        ),
        row(tr("steps"), (exact(one.row.step) for one in entries)),
        row(tr("took"), (_or_nothing(one.summary.seconds or None, seconds) for one in entries)),
        row(tr("a step"), (_or_nothing(value, seconds) for value in paces), least(paces) if worked else None),
        row(tr("state"), (tr(CALLED[one.row.state]) for one in entries)),
    ]


def pace(one: Entry, reading: Reading) -> float | None:
    """Seconds a step: of a run that has ended over all its steps, of one that is going over the latest."""
    if one.row.ended and one.row.step and one.summary.seconds:
        return one.summary.seconds / one.row.step
    return reading.seconds_a_step


def _equal(readings: Sequence[Reading], of: Callable[[RunSpec], object]) -> bool:
    """Whether something is known of all runs and the same: only then can one of them be the best."""
    found = [of(read.spec) for read in readings if read.spec]
    return len(found) == len(readings) and all(value == found[0] for value in found[1:])


def _or_nothing(value: float | None, write: Callable[[float], str]) -> str:
    return NOTHING if value is None else write(value)


def least(values: Sequence[float | None]) -> int | None:
    """Which value is the least one, None where none is known or several are as small."""
    known = [value for value in values if value is not None]
    if len(known) < 2 or known.count(min(known)) > 1:
        return None
    return list(values).index(min(known))


def networks(entries: Sequence[Entry], readings: Sequence[Reading]) -> list[Difference]:
    """The networks by name and parameters, and, where they differ, layer by layer."""

    def row(label: str, values: Iterable[str]) -> Difference:
        return Difference("network", label, list(values))

    found = [
        row(tr("network"), (one.network for one in entries)),
        row(tr("parameters"), (NOTHING if one.params is None else exact(one.params) for one in entries)),
    ]
    layers = [written_layers(read.spec.network) if read.spec else [] for read in readings]
    for place in range(min(MOST_LAYERS, max(map(len, layers), default=0))):
        values = [held[place] if place < len(held) else NOTHING for held in layers]
        found.append(row(tr("layer {number}", number=place + 1), values))
    return found


def written_layers(network: Network) -> list[str]:
    """Each layer in torch's words: `Conv2d 10 5×5`."""
    steps = {step.path: step for step in trace(network).steps}
    found = []
    for place, block in enumerate(network.layers):
        step = steps.get(str(place))
        width = [
            str(value)
            for name in ("out_channels", "planes")
            if isinstance(value := getattr(block, name, None), int)
        ]
        found.append(" ".join([block.kind, *width, says(block, step.input if step else None)]).strip())
    return found


def settings(readings: Sequence[Reading]) -> list[Difference]:
    """The settings that act in one of the runs, each under the name that its field has on the training page."""
    held = [acting(read.spec) if read.spec else None for read in readings]
    places: dict[str, None] = dict.fromkeys(place for one in held if one for place in one)
    names = _data_names([read.spec for read in readings])

    def values(place: str) -> Iterable[str]:
        if place == "data.name":
            return names
        return ("?" if one is None else written(one[place]) if place in one else NOTHING for one in held)

    found = [Difference("settings", label(place), list(values(place))) for place in places]
    return [*found, *_rates(readings)]


def _data_names(specs: Sequence[RunSpec | None]) -> list[str]:
    """What the data are called; uploads of one file name are told apart by the end of their key."""
    keys = [spec.data.name if spec else "?" for spec in specs]
    called = [tr(data(key)) for key in keys]
    shared = {
        name
        for name in called
        if len({key for key, own in zip(keys, called, strict=True) if own == name}) > 1
    }
    return [
        f"{name} ({key[-4:]})" if name in shared else name for key, name in zip(keys, called, strict=True)
    ]


def _rates(readings: Sequence[Reading]) -> list[Difference]:
    """The learning rates that were set by hand, where any were."""
    found = [read.rates for read in readings]
    if not any(found):
        return []
    values = [
        steps(read.spec.optimiser.learning_rate, set_) if set_ and read.spec else NOTHING
        for read, set_ in zip(readings, found, strict=True)
    ]
    return [Difference("settings", tr("learning rate changed"), values)]


def places(readings: Sequence[Reading]) -> list[Difference]:
    """Where the runs were trained, and with what."""
    rows = [read.row for read in readings]
    names = sorted({name for row in rows for name in row.versions})
    return [
        Difference("place", tr("machine"), [row.process.host if row.process else NOTHING for row in rows]),
        *(
            Difference("place", name[:20], [row.versions.get(name, NOTHING) for row in rows])
            for name in names
        ),
    ]
