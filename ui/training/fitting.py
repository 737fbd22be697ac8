"""Whether the settings can become a run: does the network fit the data, are the data here, is there memory enough."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from netlib import Message, trace
from netlib.errors import TooBig
from netlib.training import Machine, RunSpec, settle
from netlib.training.data.datasets import data_set
from netlib.training.data.fit import fit
from netlib.training.run.estimate import check_memory
from netlib.training.workers.keeper import Answer
from netlib.training.workers.pool import Pool
from ui.numbers import exact, short, size_of
from ui.training import own_data
from ui.training import pace as paces
from ui.training.answers import Answers
from ui.training.bench import WORDS, Bench
from ui.training.settings import label, written
from ui.training.status import Action
from ui.words import tr

LOOK_SECONDS = 120.0
"""Seconds that a first question may take: it waits until PyTorch has been loaded."""
DOWNLOAD_SECONDS = 3600.0


@dataclass(frozen=True)
class Fitting:
    """What stands between the settings and a run.

    Attributes:
        problem: why there can be no run, None where there can.
        ways: what a person can do about it.
        notes: what is worth knowing and stops nothing.
        needs: what the run will ask for, None until a worker has answered.
        samples: the samples that the run will show, as a worker has sent them.
        pending: whether an answer is still to come.
    """

    problem: str | None
    ways: Sequence[Action] = ()
    notes: Sequence[str] = ()
    needs: str | None = None
    samples: Answer | None = None
    pending: bool = False

    @property
    def ready(self) -> bool:
        """Whether a run can start."""
        return self.problem is None

    def data(self) -> dict[str, Any]:
        """What the picture draws below the network."""
        return {
            "part": "fitting",
            "problem": self.problem,
            "ways": [way.data() for way in self.ways],
            "notes": list(self.notes),
        }


def standing(bench: Bench, pool: Pool, answers: Answers) -> Fitting:
    """What stands between what is on the page and a run: a widget's rule, or what `fitting` finds."""
    if bench.refused:
        says = " ".join(_sentence(_ruled(place, rule)) for place, rule in bench.refused.items())
        was = tr(", ").join(_held(bench, place) for place in bench.refused)
        return Fitting(says, [Action("restore", tr("Back to {was}", was=was))])
    return fitting(bench.spec, pool, answers)


def _ruled(place: str, rule: Message) -> str:
    """A rule under the name that the widget has on the page."""
    if "field" not in rule.values:
        return tr(rule)
    section = place.rpartition(".")[0]
    name = label(".".join(filter(None, (section, str(rule.values["field"])))))
    called = Message(rule.template, **{**rule.values, "field": name})
    return tr(called)


def _held(bench: Bench, place: str) -> str:
    """The value that a run would have, as people write it."""
    if place == WORDS:
        return f"{bench.spec.data.source} → {bench.spec.data.target}"
    return written(bench.value(place))


def fitting(spec: RunSpec, pool: Pool, answers: Answers) -> Fitting:
    """What stands between these settings and a run, as far as it is known by now; asks workers for the rest."""
    found = fit(spec.network, spec.data, spec.batch)
    if found.problem is not None:
        ways = [Action(f"mend{i}", _capital(tr(fix.label))) for i, fix in enumerate(found.problem.fixes)]
        says = " ".join(filter(None, [_sentence(tr(found.problem.message)), tr(found.problem.hint)]))
        return Fitting(says, ways)
    notes = [about(spec), *(tr(note) for note in found.notes)]
    notes = [*own_data.notes(spec.data), *notes]
    if data_set(spec.data).download is not None and (away := _away(spec, pool, answers)):
        return away
    return _needs(spec, pool, answers, notes)


def _sentence(text: str) -> str:
    """A problem's message as a sentence of its own."""
    return _capital(text) + ("" if text.endswith((".", "。")) else tr("."))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def about(spec: RunSpec) -> str:
    """The network's parameters, and the steps of an epoch."""
    found = trace(spec.network)
    return tr("{params} parameters", params=short(found.params + found.aux_params))


def _away(spec: RunSpec, pool: Pool, answers: Answers) -> Fitting | None:
    """What is to be done where the data may not be on this machine; None where they are."""
    label, payload = tr(data_set(spec.data).label), {"data": spec.data.name}
    fetched = answers.known("download", payload)
    if fetched is None and answers.is_asked("download", payload):
        return Fitting(tr("{data} is being downloaded.", data=label), pending=True)
    if isinstance(fetched, dict):
        answers.forget("download", payload)
        answers.forget("data_here", payload)
    here = answers.ask(pool, "data_here", payload, LOOK_SECONDS)
    if here is None:
        return Fitting(tr("A worker looks whether {data} is on this machine.", data=label), pending=True)
    if isinstance(here, Message):
        why = fetched if isinstance(fetched, Message) else here
        return Fitting(tr(why), [Action("download", tr("Download {data}", data=label))])
    return None


def _needs(spec: RunSpec, pool: Pool, answers: Answers, notes: Sequence[str]) -> Fitting:
    """What the run will ask for and the samples it will show, as far as workers have answered."""
    samples = answers.ask(pool, "samples", {"data": spec.data.model_dump(mode="json")}, LOOK_SECONDS)
    answer = answers.ask(pool, "estimate", {"spec": spec.to_data()}, LOOK_SECONDS)
    complete = isinstance(samples, dict) and isinstance(answer, dict)
    found = Fitting(None, notes=notes, samples=samples, pending=not complete)
    if not isinstance(answer, dict):
        return found
    if not answer.get("fits", True):
        return too_big(spec, Machine(memory=answer["available"], device_memory=answer["available"]))
    return replace(found, needs=_says(answer, spec, pool))


def too_big(spec: RunSpec, machine: Machine) -> Fitting:
    """The refusal of a run that does not fit the memory, with both numbers and the largest batch that does."""
    try:
        check_memory(settle(spec, machine), machine)
    except TooBig as error:
        batch = error.message.values.get("batch")
        ways = [Action("batch", tr("Use batch {batch}", batch=exact(batch)))] if batch else []
        return Fitting(tr(error.message), ways)
    return Fitting(None)


def memory_for(spec: RunSpec, pool: Pool, answers: Answers) -> Machine:
    """The machine as a run finds it; the memory of a device is what a worker has last said of it."""
    machine = pool.machine()
    if settle(spec, machine).device == "cpu":
        return machine
    answer = answers.known("estimate", {"spec": spec.to_data()})
    known = answer.get("available") if isinstance(answer, dict) else None
    return machine.with_(device_memory=known)


def _says(answer: dict[str, Any], spec: RunSpec, pool: Pool) -> str:
    steps, time, memory = answer.get("steps"), answer.get("seconds"), size_of(answer["bytes"])
    if steps is None or time is None:
        return tr("It needs about {memory}.", memory=memory)
    settled = settle(spec, pool.machine())
    found = paces.pace(pool.history, settled, settled.device, paces.load_now())
    return tr(
        "{steps} steps, {time}, {memory} of memory.",
        steps=exact(steps),
        time=paces.in_words(found, time, spec.limits.seconds),
        memory=memory,
    )
