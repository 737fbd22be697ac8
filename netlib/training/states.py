"""The states of a run and which may follow which; whatever is not in the table is refused."""

from netlib.training.run.protocol import Command
from netlib.training.spec import State
from netlib.words import Message, words

MAY_BECOME: dict[State, frozenset[State]] = {
    "queued": frozenset({"starting", "stopped"}),
    "starting": frozenset({"running", "failed", "lost"}),
    "running": frozenset({"paused", "stopping", "finished", "diverged", "failed", "lost"}),
    "paused": frozenset({"running", "stopping", "lost"}),
    "stopping": frozenset({"stopped", "lost"}),
    "stopped": frozenset({"queued"}),
    "finished": frozenset({"queued"}),
    "diverged": frozenset({"queued"}),
    "failed": frozenset(),
    "lost": frozenset({"queued"}),
}
"""What ended goes on from its last checkpoint, or is run again as a new run, with the old one as its parent."""

LIVE: frozenset[State] = frozenset({"starting", "running", "paused", "stopping"})
"""States in which a worker is at the run."""

ENDED: frozenset[State] = frozenset({"stopped", "finished", "diverged", "failed", "lost"})
CONTINUABLE: frozenset[State] = frozenset(state for state in ENDED if "queued" in MAY_BECOME[state])

ACCEPTED: dict[State, frozenset[str]] = {
    "queued": frozenset({"stop"}),
    "starting": frozenset({"stop"}),
    "running": frozenset({"pause", "stop", "learning_rate", "rewind"}),
    "paused": frozenset({"resume", "stop", "step", "learning_rate", "rewind"}),
    "stopping": frozenset({"stop"}),
}
"""Kinds of commands that mean something in a state; stopping twice is no fault."""

CALLED: dict[State, str] = {
    "queued": words("queued", "排队中"),
    "starting": words("starting", "启动中"),
    "running": words("running", "运行中"),
    "paused": words("paused", "已暂停"),
    "stopping": words("stopping", "停止中"),
    "stopped": words("stopped", "已停止"),
    "finished": words("finished", "已完成"),
    "diverged": words("diverged", "已发散"),
    "failed": words("failed", "失败"),
    "lost": words("lost", "已中断"),
}
WANTED = {
    "pause": words("pause", "暂停"),
    "resume": words("go on", "继续"),
    "stop": words("stop", "停止"),
    "step": words("do single steps", "单步执行"),
    "learning_rate": words("change its learning rate", "更改学习率"),
    "rewind": words("go back to its start", "回到起点"),
}
NOT_NOW = words("A run that is {state} cannot {wanted}.", "{state}的运行无法{wanted}。")


def way(before: State, to: State) -> tuple[State, ...]:
    """The states that a run passes on its way to `to`, that one included; none where no way leads there.

    A worker may pass states without a halt: one that is stopped before its first step was running and stopping.
    """
    ways: list[tuple[State, ...]] = [(before,)]
    seen = {before}
    for path in ways:
        for state in sorted(MAY_BECOME[path[-1]] - seen):
            if state == to:
                return (*path[1:], to)
            if state in LIVE and before in LIVE:
                seen.add(state)
                ways.append((*path, state))
    return ()


def refusal(state: State, command: Command) -> Message | None:
    """Why a command cannot be taken in a state, or None when it can."""
    if command.kind in ACCEPTED.get(state, frozenset()):
        return None
    return Message(NOT_NOW, state=CALLED[state], wanted=WANTED[command.kind])
