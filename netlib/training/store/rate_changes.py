"""The learning rates that people set while a run was going, of many runs in one query."""

import json
from collections.abc import Iterable, Mapping

from netlib.training.program.record import changes
from netlib.training.store.history import History
from netlib.training.store.records import Event

SET = """
SELECT events.* FROM json_each(?) AS wanted JOIN runs ON runs.id = wanted.value
JOIN events ON events.run = runs.id AND events.generation = runs.generation AND events.kind = 'learning_rate'
ORDER BY events.id"""


def rate_changes(history: History, runs: Iterable[str]) -> Mapping[str, Mapping[int, float]]:
    """The rates set by hand since a run's last rewind, by the number of steps done before; of those runs that have any.

    Raises:
        HistoryError: when the file cannot be read.
    """
    found: dict[str, list[Event]] = {}
    with history.database.reading() as connection:
        for row in connection.execute(SET, (json.dumps(list(runs)),)):
            found.setdefault(row["run"], []).append(Event.read(row))
    return {run: changes(events)[0] for run, events in found.items()}
