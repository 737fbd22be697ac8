"""Somebody at the training page: sets the epochs, starts a run, watches it, stops it."""

import asyncio
import time
from urllib.parse import parse_qs

from tests.load.session import Piece, Session

PANEL, CURVES, EPOCHS = "training_panel", "training_curves", "training.limits.epochs@0"
SILENCE = 8.0
"""Seconds after which a look that was not answered is asked for again: as in the picture's own program."""
ANSWER_SECONDS = 60.0


class Trainer:
    """`shown` is every value of the loss that the page has drawn, by its step."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.shown: dict[int, float] = {}
        self.looks: list[float] = []
        self._asked: float | None = None
        self._proposals: list[dict[str, object]] = []
        self._look: asyncio.Task[None] | None = None
        session.listeners[PANEL] = self._told
        session.listeners[CURVES] = self._drawn
        self._told(session.pieces[PANEL])
        self._drawn(session.pieces[CURVES])

    @property
    def run(self) -> str | None:
        """The run that is shown."""
        return next(iter(parse_qs(self.session.query).get("run", [])), None)

    async def start(self, epochs: int) -> str:
        """Starts a run of so many epochs; its id.

        Raises:
            TimeoutError: when the page shows none in time.
        """
        before, last = self.session.pieces[EPOCHS].at, self.run
        await self.session.enter(EPOCHS, epochs)
        async with asyncio.timeout(ANSWER_SECONDS):
            while self.session.pieces[EPOCHS].at == before:
                await asyncio.sleep(0.01)
            await self._press("start")
            while (run := self.run) in (None, last):
                await asyncio.sleep(0.01)
        assert run is not None
        return run

    async def stop(self) -> None:
        """Has the run stopped."""
        await self._press("stop")

    def leave(self) -> None:
        """Asks for nothing any more."""
        if self._look is not None:
            self._look.cancel()

    async def _press(self, button: str) -> None:
        self._proposals.append({"do": button, "number": time.time_ns() // 1000})
        await self.session.settle(PANEL, {"proposals": self._proposals})

    def _told(self, piece: Piece) -> None:
        if self._asked is not None:
            self.looks.append(piece.at - self._asked)
            self._asked = None
        assert piece.data is not None
        self.leave()
        if every := piece.data["look"]["every"]:
            self._look = asyncio.create_task(self._asks(every / 1000))

    async def _asks(self, pause: float) -> None:
        count = 0
        while True:
            await asyncio.sleep(pause)
            pause, count = SILENCE, count + 1
            self._asked = time.perf_counter()
            await self.session.ask(PANEL, "look", count)

    def _drawn(self, piece: Piece) -> None:
        assert piece.data is not None
        steps, values = piece.data.get("raw", ([], []))
        self.shown |= dict(zip(steps, values, strict=True))
