"""Which snapshots of a run stay: few of a kind, evenly spread, within so many bytes; the first, best and last among them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

MOST_KEPT = 64
"""Of a kind, those that always stay left out."""
MOST_BYTES = 32 << 20
"""Of all kinds together; the checkpoints that a run needs to go on, the best and the last, come on top."""


@dataclass
class Spread:
    """The kept steps of one kind.

    Of each stretch of `stride` steps one stays: the end of an epoch before others, else the earliest. The stride grows
    from 1 by doubling up to an epoch, then from epoch to twice, four times, … an epoch, so that whole epochs stay.
    What always stays: the first, the best, the last, and steps at which something happened.

    Attributes:
        epoch: steps in an epoch.
        keeps_first: whether the first one always stays; not of what a run goes on from.
        sizes: bytes by step.
        events: steps at which something happened.
        best: the step of the best one.
    """

    epoch: int
    keeps_first: bool = True
    stride: int = 1
    sizes: dict[int, int] = field(default_factory=dict)
    events: set[int] = field(default_factory=set)
    best: int | None = None

    @property
    def bytes(self) -> int:
        """Of all kept ones; of a kind to go on from, the best and the last are left out."""
        apart = set() if self.keeps_first else {self.best, max(self.sizes, default=None)}
        return sum(size for step, size in self.sizes.items() if step not in apart)

    def is_due(self, step: int) -> bool:
        """Whether the end of an epoch is one at which something is kept."""
        return self.stride < self.epoch or step % self.stride == 0

    def needed(self) -> set[int]:
        """The steps that always stay."""
        if not self.sizes:
            return set()
        found = {step for step in self.events if step in self.sizes} | {max(self.sizes)}
        if self.keeps_first:
            found.add(min(self.sizes))
        if self.best in self.sizes:
            found.add(self.best)
        return found

    def crowd(self) -> int:
        """How many are kept besides those that always stay."""
        return len(self.sizes.keys() - self.needed())

    def add(self, step: int, size: int, *, best: bool = False) -> list[int]:
        """Keeps one; the steps that are to go for it."""
        self.sizes[step] = size
        if best:
            self.best = step
        gone = self._tidy()
        while self.crowd() > MOST_KEPT:
            gone += self.coarser()
        return gone

    def coarser(self) -> list[int]:
        """Takes the next stride; the steps that are to go for it."""
        self.stride = 2 * self.stride if self.stride >= self.epoch else min(2 * self.stride, self.epoch)
        return self._tidy()

    def give_up_events(self) -> list[int]:
        """Lets go of the oldest step that stays for what happened at it alone; none where there is none."""
        kept, self.events = self.events, set()
        only = sorted((kept & self.sizes.keys()) - self.needed())
        self.events = kept - set(only[:1])
        return self._tidy() if only else []

    def _tidy(self) -> list[int]:
        stays: dict[int, int] = {}
        if self.stride <= max(
            self.sizes, default=0
        ):  # else all is one stretch, of which the needed ones suffice
            for step in sorted(self.sizes, key=lambda step: (step % self.epoch != 0, step)):
                stays.setdefault(step // self.stride, step)
        gone = sorted(self.sizes.keys() - stays.values() - self.needed())
        for step in gone:
            del self.sizes[step]
        return gone


class Shelf:
    """The kept steps of every kind, within so many bytes; beyond them only what always stays.

    Where bytes are short, the kind that takes most of them becomes coarser; when only what always stays is left, the
    oldest steps at which something happened go too.
    """

    def __init__(self, epoch: int, kinds: Mapping[str, bool]) -> None:
        self.spreads = {kind: Spread(epoch, keeps_first) for kind, keeps_first in kinds.items()}

    def __getitem__(self, kind: str) -> Spread:
        return self.spreads[kind]

    @property
    def bytes(self) -> int:
        """Of everything that is kept."""
        return sum(spread.bytes for spread in self.spreads.values())

    def put(self, kind: str, step: int, size: int, *, best: bool = False) -> dict[str, list[int]]:
        """Keeps one; what is to go for it, by kind."""
        gone = {kind: self[kind].add(step, size, best=best)}
        while self.bytes > MOST_BYTES and (room := next(self._room(), None)):
            gone.setdefault(room[0], []).extend(room[1])
        return {name: steps for name, steps in gone.items() if steps}

    def restore(self, kept: Iterable[tuple[str, int, int]], events: Iterable[int], best: int | None) -> None:
        """Takes over what a run has kept before: kind, step and bytes of each."""
        for kind, step, size in kept:
            if kind in self.spreads:
                self[kind].sizes[step] = size
        for spread in self.spreads.values():
            spread.events = set(events)
            spread.best = best if best in spread.sizes else None

    def _room(self) -> Iterator[tuple[str, list[int]]]:
        largest = sorted(self.spreads, key=lambda kind: -self[kind].bytes)
        for kind in largest:
            while self[kind].crowd():
                if gone := self[kind].coarser():
                    yield kind, gone
        for kind in largest:
            if gone := self[kind].give_up_events():
                yield kind, gone
