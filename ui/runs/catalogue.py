"""Every run with what the list says of it, found by text, state and data, in the order that is wanted.

All of it is read anew at each look. What costs time is kept: the figures of a run that has ended (in the history) and
what a network's text says (here).
"""

import functools
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from netlib import NetlibError, Network, trace
from netlib.presets import PRESETS, preset
from netlib.training import DataSpec, OptimiserSpec, RunSpec, ScheduleSpec
from netlib.training.data.datasets import title
from netlib.training.data_spec import WORD
from netlib.training.states import CALLED
from netlib.training.store.history import History
from netlib.training.store.records import Filter, RunRow
from netlib.training.store.summaries import Summary
from ui.runs.shelf import Column, Shelf
from ui.words import tr

MOST = 5000
"""Runs that the page looks through, the newest ones."""
USUAL, USUAL_DATA = OptimiserSpec(), DataSpec()
CONSTANT = ScheduleSpec().name


@dataclass(frozen=True)
class Plain:
    """The settings that a list shows, read from a run's text without judging the rest of it.

    `words` are the pair of the toy text task, None for other data; `schedule` is "" for a constant rate.
    """

    data: str = ""
    optimiser: str = ""
    rate: float | None = None
    batch: int | None = None
    schedule: str = ""
    clip: float | None = None
    words: tuple[str, str] | None = None


@dataclass(frozen=True)
class Entry:
    """A run in the list.

    Attributes:
        data, network: what its data set and its network are called, in the session's language.
        slug: the preset that its network is, if it is one.
        params: parameters, None where that cannot be said.
    """

    row: RunRow
    plain: Plain
    data: str
    network: str
    slug: str | None
    params: int | None
    summary: Summary

    @property
    def name(self) -> str:
        """What the run is called: by its name, else by the beginning of its id."""
        return self.row.name or self.row.id[:6]


@dataclass(frozen=True)
class Found:
    """What a look at the history has found: the entries that match, in their order, and every one there is."""

    entries: Sequence[Entry]
    every: Sequence[Entry]

    @property
    def states(self) -> Counter[str]:
        """How many runs are in which state."""
        return Counter(one.row.state for one in self.every)

    @property
    def data(self) -> Counter[str]:
        """How many runs learn from which data set."""
        return Counter(one.plain.data for one in self.every)


def find(history: History, shelf: Shelf) -> Found:
    """The runs that the shelf looks for.

    Raises:
        HistoryError: when the file cannot be read.
    """
    every = entries(history, history.runs(Filter(limit=MOST)))
    matching = [one for one in every if matches(one, shelf)]
    matching.sort(key=lambda one: one.row.created, reverse=True)
    known = [one for one in matching if KEYS[shelf.sort](one) is not None]
    known.sort(key=KEYS[shelf.sort], reverse=shelf.down)
    unknown = [one for one in matching if KEYS[shelf.sort](one) is None]
    return Found(known + unknown, every)


def entries(history: History, rows: Sequence[RunRow]) -> list[Entry]:
    """What the list says of these runs.

    Raises:
        HistoryError: when the file cannot be read.
    """
    summaries = history.summaries(rows)
    said = functools.cache(tr)  # a thousand times the same few words
    found = []
    for row in rows:
        network, plain = read(row.spec_text)
        slug, params = about(network)
        found.append(
            Entry(
                row,
                plain,
                data=said(data(plain.data, plain.words)) if plain.data else "?",
                network=said(PRESETS[slug].title) if slug else tr("own network"),
                slug=slug,
                params=params,
                summary=summaries.get(row.id, Summary()),
            )
        )
    return found


def matches(one: Entry, shelf: Shelf) -> bool:
    """Whether the shelf looks for a run."""
    if shelf.state and one.row.state != shelf.state:
        return False
    if shelf.data and one.plain.data != shelf.data:
        return False
    if not shelf.text:
        return True
    held = "\n".join([one.name, one.row.note or "", one.row.id, one.network, one.data, one.plain.optimiser])
    return all(word in held.casefold() for word in shelf.text.casefold().split())


ORDER = {state: place for place, state in enumerate(CALLED)}
KEYS: dict[Column, Callable[[Entry], Any]] = {
    "when": lambda one: one.row.created,
    "name": lambda one: one.name.casefold(),
    "data": lambda one: one.data,
    "network": lambda one: one.network,
    "params": lambda one: one.params,
    "seed": lambda one: one.row.seed,
    "loss": lambda one: one.summary.loss,
    "accuracy": lambda one: one.summary.accuracy,
    "state": lambda one: ORDER[one.row.state],
    "took": lambda one: one.summary.seconds or None,
}


@functools.lru_cache(maxsize=MOST)
def read(spec: str) -> tuple[str, Plain]:
    """The network as JSON text, and the settings that the list shows; nothing of them where the text is of no use."""
    try:
        held = json.loads(spec)
        optimiser, clip = held.get("optimiser", {}), held.get("clip")
        of_data = held.get("data", {})
        name = str(of_data.get("name", USUAL_DATA.name))[:40]
        pair = (of_data.get("source", USUAL_DATA.source), of_data.get("target", USUAL_DATA.target))
        schedule = str(held.get("schedule", {}).get("name", CONSTANT))[:40]
        plain = Plain(
            data=name,
            optimiser=str(optimiser.get("name", USUAL.name))[:40],
            rate=float(optimiser.get("learning_rate", USUAL.learning_rate)),
            batch=int(held.get("batch", RunSpec.model_fields["batch"].default)),
            schedule="" if schedule == CONSTANT else schedule,
            clip=None if clip is None else float(clip),
            words=(str(pair[0]), str(pair[1])) if name == WORD else None,
        )
        return json.dumps(held["network"]), plain
    except (ValueError, TypeError, KeyError, AttributeError):
        return "", Plain()


def data(name: str, words: tuple[str, str] | None = None) -> str:
    """What a data set is called, an upload by its file, a pair by its words; its name alone where nobody knows it here."""
    try:
        source, target = words or (USUAL_DATA.source, USUAL_DATA.target)
        return title(DataSpec(name=name, source=source, target=target))
    except ValidationError:
        return name


@functools.lru_cache(maxsize=1024)
def about(network: str) -> tuple[str | None, int | None]:
    """The preset that a network is, and its parameters; None for what cannot be said."""
    try:
        found = Network.from_json(network)
    except NetlibError:
        return None, None
    traced = trace(found)
    return _slugs().get(found.to_json()), traced.params + traced.aux_params if traced.ok else None


@functools.lru_cache(maxsize=1)
def _slugs() -> dict[str, str]:
    return {preset(slug).to_json(): slug for slug in reversed(PRESETS)}
