"""A worker: `python -m netlib.worker` trains one run at a time, or answers short questions, with PyTorch kept warm.

It reads one message a line from stdin and writes one a line to stdout (`netlib.training.workers.lines`), so it can be tried
by hand in a terminal. When its stdin ends, the app is gone: it ends too, at once, whatever it is doing.
"""

import faulthandler
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from queue import SimpleQueue
from typing import IO

from pydantic import ValidationError

from netlib import questions
from netlib.block import sentences
from netlib.errors import NetlibError
from netlib.training.accelerators import Accelerator, device_names
from netlib.training.run.command_queue import CommandQueue
from netlib.training.run.protocol import Commands, Emit, Start, Train
from netlib.training.sentence import to_data
from netlib.training.spec import RunSpec, State
from netlib.training.states import CALLED
from netlib.training.store import going_on
from netlib.training.store.history import History
from netlib.training.store.process import this_process
from netlib.training.store.queue import take
from netlib.training.store.recorder import Recorder
from netlib.training.store.records import RunRow
from netlib.training.workers.deaths import SERVER_GONE
from netlib.training.workers.lines import (
    LONGEST_LINE,
    TOO_LONG,
    Answered,
    Ask,
    BadLine,
    Finished,
    FromWorker,
    Order,
    Ready,
    Refused,
    TrainRun,
    Unsaved,
    read_from_app,
    said,
    to_line,
)
from netlib.warming import give_way, limit_memory, release_memory, versions, warm_up
from netlib.words import Message, words

LONGEST_TRACE = 8000

FAULT = words(
    "The run ended at step {step} because of a fault in this program ({kind}). The curve up to there is kept.",
    "由于程序自身的错误（{kind}），运行在第 {step} 步结束，此前的曲线已保留。",
)
NOT_ANSWERED = words(
    "The question {question} was not answered because of a fault in this program ({kind}).",
    "由于程序自身的错误（{kind}），无法回答问题 {question}。",
)
NOT_HERE = words("Run {run} is not trained by this worker.", "运行 {run} 不在这个工作进程中训练。")
NOT_WAITING = words(
    "Run {run} is {state}: only a queued one can be trained.", "运行 {run} {state}：只能训练排队中的运行。"
)


class Worker:
    """The main thread trains and answers, a second one listens."""

    def __init__(self, stdin: IO[bytes], stdout: IO[str], train: Train) -> None:
        self._stdin, self._stdout, self._train = stdin, stdout, train
        self._speaking = threading.Lock()
        self._jobs: SimpleQueue[TrainRun | Ask] = SimpleQueue()
        self._commands: dict[str, CommandQueue] = {}

    def say(self, message: FromWorker) -> None:
        """Writes a line; when nobody reads any more, ends the process."""
        try:
            with self._speaking:
                self._stdout.write(to_line(message))
                self._stdout.flush()
        except OSError:
            os._exit(SERVER_GONE)

    def listen(self) -> None:
        """Takes lines until there are no more, then ends the process: in the middle of a step, if need be."""
        while line := self._stdin.readline(LONGEST_LINE + 1):
            try:
                if len(line) > LONGEST_LINE:
                    while not line.endswith(b"\n") and (line := self._stdin.readline(LONGEST_LINE)):
                        pass
                    raise BadLine(TOO_LONG, most=LONGEST_LINE)
                self._hear(read_from_app(line.decode("utf-8", "replace")))
            except NetlibError as error:
                self.say(Refused(reason=to_data(error.message)))
        os._exit(SERVER_GONE)

    def _hear(self, message: TrainRun | Ask | Order) -> None:
        if isinstance(message, Order):
            commands = self._commands.get(message.run)
            if commands is None:
                raise NetlibError(NOT_HERE, run=message.run)
            commands.put(message.command)
            return
        if isinstance(message, TrainRun):
            self._commands[message.run] = CommandQueue()
        self._jobs.put(message)

    def serve(self) -> None:
        """Does one job after the other; ends with the process."""
        while True:
            job = self._jobs.get()
            if isinstance(job, Ask):
                self.say(self._answer(job))
            else:
                finished = self._run(job)
                self._commands.pop(job.run, None)
                self.say(finished)
                release_memory()

    def _answer(self, job: Ask) -> Answered:
        try:
            return Answered(number=job.number, answer=questions.answer(job.question, job.payload))
        except NetlibError as error:
            refused, worn = error.message, False
        except ValidationError as error:
            refused, worn = sentences(error)[0], False
        except Exception as error:  # noqa: BLE001  # a fault of ours: said in words, its trace goes to the log
            traceback.print_exc()
            refused = Message(NOT_ANSWERED, question=job.question, kind=type(error).__name__)
            worn = True
        try:
            return Answered(number=job.number, refused=said(refused), worn=worn)
        except ValidationError:  # a sentence with a value that no message can carry: the worker lives on
            traceback.print_exc()
            refused = Message(NOT_ANSWERED, question=job.question, kind="ValidationError")
            return Answered(number=job.number, refused=said(refused), worn=worn)

    def _run(self, job: TrainRun) -> Finished:
        history, here = History.joined(Path(job.database)), this_process()
        try:
            row = history.state(job.run)
            if row.process != here and not take(history.database, job.run, here):
                raise NetlibError(NOT_WAITING, run=job.run, state=CALLED[row.state])
            start = going_on.start(history, row) if row.step else None
            recorder = Recorder(
                history.database,
                job.run,
                generation=row.generation,
                begun=going_on.begun(history, row) if row.step else None,
                versions=versions(),
                unsaved=lambda reason: self.say(Unsaved(run=job.run, reason=said(reason))),
            )
            commands = self._commands[job.run]
            commands.beat = recorder.flush
            return self._trained(row, recorder, commands, start, job.device)
        except NetlibError as error:
            return Finished(run=job.run, state="failed", reason=said(error.message), saved=False)
        finally:
            history.close()

    def _trained(
        self,
        row: RunRow,
        recorder: Recorder,
        commands: CommandQueue,
        start: Start | None,
        device: str | None,
    ) -> Finished:
        state: State = "failed"
        limit_memory()
        try:
            spec = row.spec()
            here = spec if device is None else spec.with_(device=device)
            state = self._train(here, recorder, commands, start=start)
        except NetlibError as error:
            recorder.reason = error.message
        except ValidationError as error:
            recorder.reason = sentences(error)[0]
        except Exception as error:  # noqa: BLE001  # a fault of ours: said in words, its trace is kept with the run
            recorder.reason = Message(FAULT, step=recorder.step, kind=type(error).__name__)
            recorder.event(recorder.step, "fault", {"trace": traceback.format_exc()[-LONGEST_TRACE:]})
        saved = recorder.end(state)
        return Finished(
            run=row.id,
            state=state,
            reason=said(recorder.reason),
            saved=saved,
            worn=state == "failed" or recorder.faulty,
        )


def own_pipes() -> tuple[IO[bytes], IO[str]]:
    """The pipes from and to the app, out of reach of libraries: what these print goes to stderr."""
    stdin = os.fdopen(os.dup(0), "rb")
    stdout = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return stdin, stdout


def main(train: Train | None = None, warm: Callable[[], Sequence[Accelerator]] = warm_up) -> None:
    """Works until stdin ends; never returns.

    Args:
        train: the training loop; `netlib.training.run.loop.train` unless another is given.
        warm: loads what the first job needs, and tells which devices there are beside the processor.
    """
    began = time.monotonic()
    stdin, stdout = own_pipes()
    faulthandler.enable()
    if hasattr(signal, "SIGINT") and not stdin.isatty():
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in the app's terminal is for the app alone
    worker = Worker(stdin, stdout, train or _loop)
    threading.Thread(target=worker.listen, name="listener", daemon=True).start()
    give_way()
    found = warm()
    here, seconds = this_process(), round(time.monotonic() - began, 3)
    worker.say(
        Ready(
            pid=here.pid,
            started=here.started,
            seconds=seconds,
            devices=list(device_names(found)),
            accelerators=list(found),
        )
    )
    worker.serve()


def _loop(spec: RunSpec, emit: Emit, commands: Commands, *, start: Start | None = None) -> State:
    from netlib.training.run.loop import (
        train,
    )  # loads torch: after the listener has begun, which must not wait for it

    return train(spec, emit, commands, start=start)


if __name__ == "__main__":
    main()
