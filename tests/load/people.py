"""People at pages: each keeps changing one setting, and knows from an answer which change it shows."""

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle
from typing import Any, ClassVar

from tests.load.session import Piece, Session

SEAL_FIRST, SEAL_NEXT = 0.45, 0.35
"""Seconds until a page's seal asks for its verdict, and between two looks: as in the picture's own program."""
SLIDERS = {"convolution": "filters", "inception": "out3", "residual": "size", "recurrent": "hidden_size"}
"""Page about a layer -> the setting that somebody there changes."""
PAGES = ("builder", *SLIDERS)
VALUES = [value for value in range(2, 64) if value not in (8, 56)]
"""What a setting is given, one after the other; no page opens on one, and each comes again long after its answer."""


@dataclass
class Change:
    """A change on its way: when it was sent, and when an answer came that shows it or a later one."""

    value: int
    sent: float
    answered: float | None = None
    overtaken: bool = False

    @property
    def seconds(self) -> float | None:
        """How long its answer took."""
        return None if self.answered is None else self.answered - self.sent


class Person(ABC):
    """Somebody at a page; `changes` is what they did, in order."""

    picture: str
    """The key of the page's picture."""
    seal_event: ClassVar[str]
    """How the picture asks for a verdict."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.changes: list[Change] = []
        self._values: Iterator[int] = cycle(VALUES)
        self._look: asyncio.Task[None] | None = None
        self._awaited: object = None
        session.listeners[self.picture] = self._answered
        self._seek(self.data)

    @property
    def data(self) -> Mapping[str, Any]:
        """What the picture was last given."""
        data = self.session.pieces[self.picture].data
        assert data is not None
        return data

    async def change(self) -> None:
        """Gives the setting its next value, without waiting for an answer."""
        value = next(self._values)
        self.changes.append(Change(value, time.perf_counter()))
        await self.session.settle(self.picture, self.proposal(value))

    @abstractmethod
    def proposal(self, value: int) -> object:
        """The state that the picture settles on."""

    @abstractmethod
    def shown(self, data: Mapping[str, Any]) -> int:
        """The index of the last change that these data show, -1 for a page from before the first."""

    @abstractmethod
    def numbers(self, data: Mapping[str, Any]) -> object:
        """What the page has counted, to be compared with what its address shows when it is opened anew."""

    @property
    def up_to_date(self) -> bool:
        """Whether the last answer shows the last change."""
        return self.shown(self.data) == len(self.changes) - 1

    def leave(self) -> None:
        """Asks for nothing any more."""
        if self._look is not None:
            self._look.cancel()

    def _answered(self, piece: Piece) -> None:
        assert piece.data is not None
        last = self.shown(piece.data)
        for index in range(last, -1, -1):
            change = self.changes[index]
            if change.answered is not None:
                break
            change.answered, change.overtaken = piece.at, index != last
        self._seek(piece.data)

    def _seek(self, data: Mapping[str, Any]) -> None:
        """Asks for the verdict on what has stayed the same for a moment, as the seal does."""
        seal = data["seal"]
        awaited = seal["of"] if seal["state"] == "counting" else None
        if awaited == self._awaited:
            return
        self._awaited = awaited
        self.leave()
        if awaited is not None:
            self._look = asyncio.create_task(self._asks(awaited))

    async def _asks(self, network: object) -> None:
        pause, count = SEAL_FIRST, 0
        while True:
            await asyncio.sleep(pause)
            pause, count = SEAL_NEXT, count + 1
            await self.session.ask(self.picture, self.seal_event, {"of": network, "time": count})


class Builder(Person):
    """Changes the filters of the builder's first layer, by numbered actions that are sent until they are done."""

    picture = "builder_picture"
    seal_event = "look"

    def proposal(self, value: int) -> object:
        action = {"do": "set", "path": "0", "field": "out_channels"}
        done = self.data["done"]
        waiting = [
            {"number": number, "action": {**action, "value": self.changes[number - 1].value}}
            for number in range(done + 1, len(self.changes) + 1)
        ]
        return {"desk": self.data["desk"], "actions": waiting}

    def shown(self, data: Mapping[str, Any]) -> int:
        return int(data["done"]) - 1

    def numbers(self, data: Mapping[str, Any]) -> object:
        return [data["totals"], data["text"]]


class Explorer(Person):
    """Moves one slider of a page about a layer."""

    seal_event = "seal"

    def __init__(self, session: Session) -> None:
        self.picture = session.page
        self._setting = SLIDERS[session.page]
        super().__init__(session)

    def proposal(self, value: int) -> object:
        return {"now": {**self.data["state"]["now"], self._setting: value}, "kept": None}

    def shown(self, data: Mapping[str, Any]) -> int:
        value = data["state"]["now"][self._setting]
        backwards = range(len(self.changes) - 1, -1, -1)
        return next((index for index in backwards if self.changes[index].value == value), -1)

    def numbers(self, data: Mapping[str, Any]) -> object:
        return [data["state"], data["counted"]]


def person_at(session: Session) -> Person:
    """Somebody at the page that is open."""
    return Builder(session) if session.page == "builder" else Explorer(session)
