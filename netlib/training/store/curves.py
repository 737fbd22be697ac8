"""Curves read from the history: one blob of float32 for each write, so that a million points are read in milliseconds."""

from sqlite3 import Connection

import numpy as np

from netlib.training.store.records import Series

# Goes from name to name by the index, however long the curves are.
NAMES = """
WITH RECURSIVE found(name) AS (
  SELECT min(name) FROM metrics WHERE run = :run AND generation = :generation
  UNION ALL
  SELECT (SELECT min(name) FROM metrics WHERE run = :run AND generation = :generation AND name > found.name)
  FROM found WHERE found.name IS NOT NULL)
SELECT name FROM found WHERE name IS NOT NULL"""
PARTS = """
SELECT part, first, stride, count, seconds, vals FROM metrics
WHERE run = ? AND generation = ? AND name = ? AND part >= ? ORDER BY part"""
LAST = """
SELECT vals FROM metrics WHERE run = ? AND generation = ? AND name = ? ORDER BY part DESC LIMIT 1"""


def names(connection: Connection, run: str, generation: int) -> list[str]:
    """The curves there are, by name."""
    rows = connection.execute(NAMES, {"run": run, "generation": generation})
    return [name for (name,) in rows]


def curve(connection: Connection, run: str, generation: int, name: str, after_part: int) -> Series:
    """The curve after a part, from its begin with -1."""
    rows = connection.execute(PARTS, (run, generation, name, after_part)).fetchall()
    if rows and rows[0]["part"] == after_part:
        return Series.read(rows[1:], begun=rows[0]["seconds"])
    return Series.read(rows)


def latest(connection: Connection, run: str, generation: int) -> dict[str, float]:
    """The last value of each curve."""
    found = {}
    for name in names(connection, run, generation):
        (vals,) = connection.execute(LAST, (run, generation, name)).fetchone()
        found[name] = float(np.frombuffer(vals, "<f4")[-1])
    return found


def seconds(connection: Connection, run: str, generation: int) -> float:
    """How long the run has trained, in seconds, up to its last stored value."""
    last = (
        "SELECT seconds FROM metrics WHERE run = ? AND generation = ? AND name = ? ORDER BY part DESC LIMIT 1"
    )
    times = [
        connection.execute(last, (run, generation, name)).fetchone()[0]
        for name in names(connection, run, generation)
    ]
    return max(times, default=0.0)
