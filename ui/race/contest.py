"""A race: two networks with the same settings, and the runs that were started for them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from netlib import Network
from netlib.errors import NetlibError
from netlib.training import DataSpec, Limits, OptimiserSpec, RunSpec, settle
from netlib.training.data.fit import fits
from netlib.training.run.estimate import check_memory, estimate
from netlib.training.run.protocol import Stop
from netlib.training.states import ENDED
from netlib.training.store.history import History
from netlib.training.workers.pool import Pool
from ui.training.reading import Reading, read

RUN_SECONDS = 45.0
"""About how long both runs take together, where one pass over the data allows it."""
LEAST_EPOCHS, MOST_EPOCHS = 1, 10
_RUNS = re.compile(r"[0-9a-f]{10}(?:\.[0-9a-f]{10})?")


@dataclass(frozen=True)
class Entrant:
    """A network with the name that its curve carries, in the session's language."""

    name: str
    network: Network


@dataclass(frozen=True)
class Plan:
    """What a race will be: a spec for each entrant, steps each, and about how many seconds together."""

    specs: tuple[RunSpec, ...]
    steps: int
    seconds: float


def plan(entrants: Sequence[Entrant], seed: int = 0) -> Plan | None:
    """The race of these networks on the digits; None where one of them cannot learn them as it is."""
    return _plan(tuple(entrant.network for entrant in entrants), seed)


@lru_cache(maxsize=64)
def _plan(networks: tuple[Network, ...], seed: int) -> Plan | None:
    data = DataSpec()
    if not all(fits(network, data) for network in networks):
        return None
    optimiser = OptimiserSpec.usual("Adam")
    whole = [
        RunSpec(network=network, data=data, optimiser=optimiser, limits=_epochs(MOST_EPOCHS), seed=seed)
        for network in networks
    ]
    found = [estimate(spec) for spec in whole]
    most = found[0].steps or MOST_EPOCHS
    a_step = sum((e.seconds or 0.0) / most for e in found)
    epoch = -(-most // MOST_EPOCHS)
    steps = max(LEAST_EPOCHS * epoch, min(most, int(RUN_SECONDS / a_step)))
    limits = Limits(epochs=None, steps=steps)
    return Plan(tuple(spec.with_(limits=limits) for spec in whole), steps, steps * a_step)


def _epochs(count: int) -> Limits:
    return Limits(epochs=count)


def start(pool: Pool, planned: Plan) -> tuple[str, ...]:
    """The ids of the runs, one for each entrant, once all of them are known to fit into memory.

    Raises:
        NetlibError: when the memory does not suffice, the queue is full, or nothing can be stored.
    """
    machine = pool.machine()
    for spec in planned.specs:
        check_memory(settle(spec, machine), machine)
    runs: list[str] = []
    try:
        runs.extend(map(pool.submit, planned.specs))  # one that started before a refusal is in the list
    except NetlibError:
        stop(pool, runs)
        raise
    return tuple(runs)


def stop(pool: Pool, runs: Sequence[str]) -> None:
    """Tells the runs to stop; those that wait never start."""
    for run in runs:
        try:
            pool.send(run, Stop())
        except NetlibError:  # deleted by somebody meanwhile
            continue


def readings(history: History, runs: Sequence[str]) -> tuple[Reading, ...]:
    """The runs as they are now; none of them where one cannot be read."""
    try:
        return tuple(read(history, run) for run in runs)
    except NetlibError:
        return ()


def is_going(found: Sequence[Reading]) -> bool:
    """Whether one of the runs has not ended."""
    return any(reading.row.state not in ENDED for reading in found)


def is_about(found: Sequence[Reading], entrants: Sequence[Entrant]) -> bool:
    """Whether the runs are of just these networks."""
    trained = [reading.spec.network if reading.spec else None for reading in found]
    return trained == [entrant.network for entrant in entrants]


def written(runs: Sequence[str]) -> str:
    """The runs as a parameter of the address."""
    return ".".join(runs)


def named(text: object) -> tuple[str, ...]:
    """The runs that a parameter names; none for a text of another form."""
    return tuple(text.split(".")) if isinstance(text, str) and _RUNS.fullmatch(text) else ()


def proposal(value: object) -> str | None:
    """What a browser wants done: "start" or "stop"; None for anything else."""
    wanted = value.get("do") if isinstance(value, Mapping) else None
    return wanted if wanted in ("start", "stop") else None
