"""How the end of a worker's process is said: its exit code as the state of its run and a sentence."""

import signal
from dataclasses import dataclass

from netlib.training.spec import State
from netlib.training.store.queue import SERVER_STOPPED
from netlib.words import Message, words

SERVER_GONE = 70
"""Exit code of a worker whose server is gone; EX_SOFTWARE of sysexits.h."""

NO_MEMORY = words(
    "The system ran out of memory at step {step} and ended the run. Try batch {batch} (about half the memory).",
    "系统在第 {step} 步耗尽内存并结束了运行。请尝试批量大小 {batch}（内存约减半）。",
)
NO_MEMORY_AT_ONE = words(
    "The system ran out of memory at step {step} and ended the run. Try a smaller network.",
    "系统在第 {step} 步耗尽内存并结束了运行。请尝试更小的网络。",
)
KILLED = words(
    "The run was ended from outside at step {step}. Its curve up to there is kept.",
    "运行在第 {step} 步被外部终止，此前的曲线已保留。",
)
CRASHED = words(
    "PyTorch crashed ({how}) at step {step}. The curve up to there is kept.",
    "PyTorch 在第 {step} 步崩溃（{how}），此前的曲线已保留。",
)
ENDED = words(
    "The worker ended (exit code {code}) at step {step}. The curve up to there is kept.",
    "工作进程在第 {step} 步结束（退出码 {code}），此前的曲线已保留。",
)
NO_ANSWER = words(
    "The run did not stop within {seconds} s and was ended at step {step}. Its curve up to there is kept.",
    "运行未能在 {seconds} 秒内停止，已在第 {step} 步被终止，此前的曲线已保留。",
)
STOPPED_NOW = words(
    "The run was ended at once, at step {step}, as you asked. Its curve up to there is kept.",
    "已按你的要求在第 {step} 步立即结束运行，此前的曲线已保留。",
)

SEGMENTATION = words("segmentation fault", "段错误")
ABORTED = words("abort", "异常中止")
ILLEGAL = words("illegal instruction", "非法指令")
BUS = words("bus error", "总线错误")
CRASHES = {11: SEGMENTATION, 6: ABORTED, 4: ILLEGAL, 7: BUS}
WINDOWS_CRASHES = {0xC0000005: 11, 0xC0000409: 6, 0xC000001D: 4}


@dataclass(frozen=True)
class Death:
    """A worker that is gone while it trained: what is known of it, and of its run."""

    code: int
    step: int
    batch: int = 1
    out_of_memory: bool = False
    wanted: Message | None = None
    """Why the app ended it itself, if it did."""


def verdict(death: Death) -> tuple[State, Message]:
    """The state in which the run ended and the sentence beside it."""
    code, step = death.code, death.step
    number = WINDOWS_CRASHES.get(code & 0xFFFFFFFF, -code)
    if death.wanted is not None:
        return "lost", death.wanted
    if number in (signal.SIGTERM, 9) and death.out_of_memory:
        if death.batch == 1:
            return "failed", Message(NO_MEMORY_AT_ONE, step=step)
        return "failed", Message(NO_MEMORY, step=step, batch=death.batch // 2)
    if number in (signal.SIGTERM, 9):
        return "lost", Message(KILLED, step=step)
    if number in CRASHES:
        return "failed", Message(CRASHED, how=CRASHES[number], step=step)
    if code == SERVER_GONE:
        return "lost", Message(SERVER_STOPPED)
    return "failed", Message(ENDED, code=code, step=step)
