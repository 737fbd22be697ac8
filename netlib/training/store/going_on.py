"""A run that ended goes on from its last checkpoint: what is behind that step is put aside as an earlier generation.

Curves, events and snapshots up to the checkpoint belong to what goes on, so they move with it; a curve has no gap.
"""

import time
from sqlite3 import Connection
from typing import Any

import numpy as np

from netlib.errors import NetlibError
from netlib.training.run.estimate import planned_steps
from netlib.training.run.protocol import Start
from netlib.training.spec import RunSpec
from netlib.training.states import CALLED, CONTINUABLE
from netlib.training.store import curves
from netlib.training.store.history import History, add_event, change_state
from netlib.training.store.process import this_process
from netlib.training.store.recorder import Begun
from netlib.training.store.records import RunRow
from netlib.words import words

NOT_NOW = words("A run that is {state} cannot go on.", "{state}的运行无法继续。")
NO_CHECKPOINT = words(
    "Run {run} has no checkpoint to go on from. Run it again instead.",
    "运行 {run} 没有可供继续的检查点。请改为重新运行。",
)
GONE = words(
    "The checkpoint of step {step:,} cannot be read any more. Run it again instead.",
    "第 {step:,} 步的检查点已无法读取。请改为重新运行。",
)
ALL_DONE = words(
    "It has done all its {steps:,} steps. Give it more epochs or steps to go on.",
    "全部 {steps:,} 步已完成。请增加轮次或步数后再继续。",
)
ALL_TIME = words(
    "It has used all its {seconds:g} s. Give it more time to go on.",
    "全部 {seconds:g} 秒已用完。请增加时间后再继续。",
)

MARKED = frozenset({"pause", "learning_rate", "continued"})
"""Events whose steps stay among what a run shows of itself."""
ASTRAY = 2.0
"""Times the first loss, or one nat: a checkpoint of a run that diverged is of no use beyond."""

CHECKPOINTS = """
SELECT step FROM snapshots WHERE run = ? AND generation = ? AND kind = 'checkpoint' AND step > 0 ORDER BY step DESC"""
BEHIND = """
SELECT count(*) FROM metrics WHERE run = ? AND generation = ? AND first + stride * (count - 1) > ?"""
ACROSS = """
SELECT *, coalesce((SELECT seconds FROM metrics AS before WHERE before.run = this.run
  AND before.generation = this.generation AND before.name = this.name AND before.part = this.part - 1), 0) AS begun
FROM metrics AS this
WHERE run = ? AND generation = ? AND first <= ? AND first + stride * (count - 1) > ?"""
PARTS = "SELECT name, max(part) + 1 FROM metrics WHERE run = ? AND generation = ? GROUP BY name"


def last_checkpoint(history: History, run: str) -> int | None:
    """The step of the checkpoint from which a run can go on; None where there is none.

    Of one that diverged it is the last one at which the loss had not yet gone astray.
    """
    row = history.state(run)
    if row.state not in CONTINUABLE:
        return None
    with history.database.reading() as connection:
        steps = [int(step) for (step,) in connection.execute(CHECKPOINTS, (run, row.generation))]
    if row.state == "diverged" and steps:
        losses = history.metrics(run, "loss", generation=row.generation)
        most = ASTRAY * max(1.0, float(losses.values[0])) if len(losses) else 0.0
        sound = set(losses.steps[losses.values <= most].tolist())
        steps = [step for step in steps if step in sound]
    return max(steps, default=None)


def go_on(history: History, run: str, spec: RunSpec, learning_rate: float | None = None) -> bool:
    """Whether the run waits again, to go on from its last checkpoint; False where somebody else was first.

    Args:
        history: that holds it.
        run: that has ended.
        spec: its own, with other limits perhaps.
        learning_rate: another one from there on.

    Raises:
        NetlibError: when it is going, has no checkpoint, or its limits leave nothing to do; in a sentence.
        HistoryError: when nothing can be stored.
    """
    row = history.state(run)
    if row.state not in CONTINUABLE:
        raise NetlibError(NOT_NOW, state=CALLED[row.state])
    step = last_checkpoint(history, run)
    if step is None:
        raise NetlibError(NO_CHECKPOINT, run=row.name or run)
    _check_limits(history, row, spec, step)
    planned = {"planned_before": planned_steps(row.spec()), "planned": planned_steps(spec)}

    def write(connection: Connection) -> bool:
        found = connection.execute("SELECT * FROM runs WHERE id = ?", (run,)).fetchone()
        if found is None or RunRow.read(found) != row:
            return False
        if connection.execute(BEHIND, (run, row.generation, step)).fetchone()[0]:
            _put_aside(connection, run, row.generation, step)
        here = this_process()
        connection.execute(
            "UPDATE runs SET step = ?, spec = ?, reason = NULL, host = ?, pid = ?, started = ?, boot = ?, beat = ?"
            " WHERE id = ?",
            (step, spec.to_json(), here.host, here.pid, here.started, here.boot, time.time(), run),
        )
        change_state(connection, run, "queued", CONTINUABLE)
        add_event(connection, run, step, "continued", planned)
        if learning_rate is not None:
            add_event(connection, run, step, "learning_rate", {"value": learning_rate})
        return True

    return history.database.store(write)


def _check_limits(history: History, row: RunRow, spec: RunSpec, step: int) -> None:
    limits, seconds = spec.limits, history.seconds(row.id)
    bounded = limits.epochs is not None or limits.steps is not None
    if bounded and step >= planned_steps(spec):
        raise NetlibError(ALL_DONE, steps=step)
    if row.state == "finished" and limits.seconds is not None and seconds >= limits.seconds:
        raise NetlibError(ALL_TIME, seconds=limits.seconds)


def _put_aside(connection: Connection, run: str, generation: int, step: int) -> None:
    """Everything up to a step becomes the next generation's; what came after it stays behind."""
    across = connection.execute(ACROSS, (run, generation, step, step)).fetchall()
    for part in across:
        _split(connection, dict(part), step)
    here = {"run": run, "old": generation, "new": generation + 1, "step": step}
    for table, reached in (("metrics", "first"), ("snapshots", "step"), ("events", "step")):
        connection.execute(
            f"UPDATE {table} SET generation = :new WHERE run = :run AND generation = :old AND {reached} <= :step",  # noqa: S608  # constants
            here,
        )
    connection.execute("UPDATE runs SET generation = :new WHERE id = :run", here)
    for part in across:
        _store_tail(connection, dict(part), step)


def _kept(part: dict[str, Any], step: int) -> int:
    """How many values of a part belong to steps up to this one."""
    return int((step - part["first"]) // part["stride"]) + 1


def _split(connection: Connection, part: dict[str, Any], step: int) -> None:
    """Shortens a part to what lies before the cut."""
    kept = _kept(part, step)
    values = np.frombuffer(part["vals"], "<f4")[:kept]
    seconds = part["begun"] + (part["seconds"] - part["begun"]) * kept / part["count"]
    connection.execute(
        "UPDATE metrics SET count = ?, seconds = ?, vals = ? WHERE run = ? AND generation = ? AND name = ? AND part = ?",
        (kept, seconds, values.tobytes(), part["run"], part["generation"], part["name"], part["part"]),
    )


def _store_tail(connection: Connection, part: dict[str, Any], step: int) -> None:
    """What lies behind the cut, under the part's old number in the old generation."""
    kept = _kept(part, step)
    values = np.frombuffer(part["vals"], "<f4")[kept:]
    first = part["first"] + part["stride"] * kept
    row = (part["run"], part["generation"], part["name"], part["part"], first, part["stride"], len(values))
    connection.execute(
        "INSERT INTO metrics VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)", (*row, part["seconds"], values.tobytes())
    )


def start(history: History, row: RunRow) -> Start:
    """Where the loop goes on, for a run that waits with some steps done.

    Raises:
        NetlibError: when the checkpoint cannot be read.
    """
    tensors = history.snapshot(row.id, "checkpoint", row.step, row.generation)
    if tensors is None:
        raise NetlibError(GONE, step=row.step)
    rates = [
        float(event.detail["value"])
        for event in history.events(row.id)
        if (event.generation, event.step, event.kind) == (row.generation, row.step, "learning_rate")
    ]
    losses = history.metrics(row.id, "val_loss")
    accuracies = history.metrics(row.id, "val_accuracy")
    known = zip(losses.steps, losses.values, accuracies.values, strict=False)
    return Start(
        tensors=tensors,
        learning_rate=rates[-1] if rates else None,
        seconds=history.seconds(row.id),
        losses=history.metrics(row.id, "loss").values,
        evaluations=[(int(step), float(loss), float(accuracy)) for step, loss, accuracy in known],
        kept=[
            (kept.kind, kept.step, kept.bytes)
            for kept in history.snapshots(row.id)
            if kept.generation == row.generation
        ],
        events=frozenset(
            event.step
            for event in history.events(row.id)
            if event.generation == row.generation and event.step is not None and event.kind in MARKED
        ),
    )


def begun(history: History, row: RunRow) -> Begun:
    """What a recorder is to know of such a run."""
    with history.database.reading() as connection:
        parts = dict(connection.execute(PARTS, (row.id, row.generation)).fetchall())
        seconds = curves.seconds(connection, row.id, row.generation)
    return Begun(row.step, seconds, parts)
