"""`python -m netlib train net.json`: a run from a terminal, with a progress bar or a line of JSON a step.

No torch is imported until a run begins, so that the other commands stay quick.
"""

import json
import signal
import sys
import threading
from argparse import ArgumentParser, Namespace, _SubParsersAction
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from pydantic import ValidationError

from netlib import Network
from netlib.block import sentences
from netlib.errors import BadLink, NetlibError
from netlib.training.data.datasets import DATA_SETS, download
from netlib.training.data.fit import fit
from netlib.training.optimiser_spec import OptimiserSpec
from netlib.training.run.protocol import Command, Resume, Stop
from netlib.training.spec import RunSpec
from netlib.training.terminal import Bar, JsonLines
from netlib.words import Message, words

OK, ENDED_BADLY, UNREADABLE = 0, 1, 2

_NO_FILE = words("{path} cannot be read: {why}", "无法读取 {path}：{why}")
_GONE = words("there is no such file", "没有这个文件")
_TRY = words("try: {label}", "可尝试：{label}")


def add_parser(subparsers: "_SubParsersAction[ArgumentParser]") -> ArgumentParser:
    """The parser of `train`, added to a command line; `run` takes what it reads."""
    parser = subparsers.add_parser(
        "train",
        help="train a network and watch the loss fall",
        description="Trains a network. The same settings and seed print the same lines, but for the seconds.",
    )
    parser.add_argument("network", help="a network as JSON, or - for standard input")
    parser.add_argument("--data", default="digits", help=f"one of {', '.join(DATA_SETS)} (default digits)")
    parser.add_argument("--epochs", type=int, help="passes over the training samples (default 10)")
    parser.add_argument("--steps", type=int, help="end after so many steps")
    parser.add_argument("--seconds", type=float, help="end after so many seconds")
    parser.add_argument("--target-accuracy", type=float, help="end once the validation accuracy is this high")
    parser.add_argument("--patience", type=int, help="end after so many epochs without progress")
    parser.add_argument("--seed", type=int, default=0, help="same seed, same curve (default 0)")
    parser.add_argument("--batch", type=int, default=64, help="samples a step (default 64)")
    parser.add_argument("--optimiser", default="SGD", help="SGD, Adam, AdamW or RMSprop (default SGD)")
    parser.add_argument("--lr", type=float, help="learning rate (default 0.05 for SGD, else 0.001)")
    parser.add_argument("--momentum", type=float, help="of SGD (default 0.9) and RMSprop (default 0)")
    parser.add_argument("--weight-decay", type=float, help="pull of every weight towards zero (default 0)")
    parser.add_argument("--schedule", default="constant", help="constant, step, cosine, one-cycle or warm-up")
    parser.add_argument("--clip", type=float, help="largest gradient norm")
    parser.add_argument("--loss", default="mean", help="over the steps of a sequence: mean or sum")
    parser.add_argument("--source", default="hello", help="the word that --data hello reads")
    parser.add_argument("--target", default="ohlol", help="the letters that --data hello learns to say")
    parser.add_argument("--train-samples", type=int, help="use only so many training samples")
    parser.add_argument("--device", default="cpu", help="cpu, cuda, mps or auto (default cpu)")
    parser.add_argument("--threads", type=int, help="CPU threads; changes the last bits of a result")
    parser.add_argument("--folder", type=Path, help="where downloaded data sets lie")
    parser.add_argument(
        "--download", action="store_true", help="fetch the data set first, where it needs that"
    )
    parser.add_argument(
        "--json", action="store_true", help="a line of JSON a step, instead of a progress bar"
    )
    parser.set_defaults(run=run)
    return parser


def run(args: Namespace) -> int:
    """Train as the command line says; gives the exit code: 0 well ended, 1 badly, 2 unreadable network."""
    try:
        network = _network(args.network)
    except BadLink as error:
        print(error, file=sys.stderr)  # noqa: T201  # a command line speaks through its streams
        return UNREADABLE
    try:
        spec = _spec(args, network)
        if args.download:
            download(args.data, args.folder)
    except ValidationError as error:
        return _refused(args, *sentences(error))
    except NetlibError as error:
        return _refused(args, error.message)
    problem = fit(network, spec.data, spec.batch).problem
    if problem:
        hints = [problem.hint, *(Message(_TRY, label=fix.label) for fix in problem.fixes)]
        return _refused(args, problem.message, *(hint for hint in hints if hint))
    return _train(args, spec)


def _train(args: Namespace, spec: RunSpec) -> int:
    from netlib.training.devices import machine_of
    from netlib.training.machine import settle
    from netlib.training.run.estimate import estimate
    from netlib.training.run.loop import train

    settled = settle(spec, machine_of(spec.device))
    emit = JsonLines(sys.stdout) if args.json else Bar(sys.stdout, estimate(settled).steps)
    with _interruptible() as commands:
        state = train(settled, emit, commands, folder=args.folder)
    emit.close(state)
    return OK if state in ("finished", "stopped") else ENDED_BADLY


def _network(path: str) -> Network:
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text("utf-8-sig")
    except FileNotFoundError:
        raise BadLink(_NO_FILE, path=path, why=_GONE) from None
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        raise BadLink(_NO_FILE, path=path, why=why) from None
    return Network.from_json(text)


def _spec(args: Namespace, network: Network) -> RunSpec:
    name = OptimiserSpec(name=args.optimiser).name
    stated = {"learning_rate": args.lr, "momentum": args.momentum, "weight_decay": args.weight_decay}
    optimiser = OptimiserSpec.usual(name).with_(**_given(stated))
    limits = {
        "steps": args.steps,
        "seconds": args.seconds,
        "target_accuracy": args.target_accuracy,
        "patience": args.patience,
    }
    if args.epochs is not None or args.steps is not None or args.seconds is not None:
        limits["epochs"] = args.epochs  # None: another limit stands in for the usual ten epochs
    data = {
        "name": args.data,
        "source": args.source,
        "target": args.target,
        "train_samples": args.train_samples,
    }
    return RunSpec.model_validate(
        {
            "network": network,
            "data": data,
            "optimiser": optimiser,
            "schedule": {"name": args.schedule},
            "limits": limits,
            "batch": args.batch,
            "seed": args.seed,
            "clip": args.clip,
            "loss": args.loss,
            "device": args.device,
            "threads": args.threads,
        }
    )


def _given(stated: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in stated.items() if value is not None}


def _refused(args: Namespace, *said: Message) -> int:
    if args.json:
        print(json.dumps({"state": "failed", "reason": " ".join(said)}))  # noqa: T201  # as in `run`
    else:
        print(*said, sep="\n", file=sys.stderr)  # noqa: T201  # as in `run`
    return ENDED_BADLY


class _Interrupts:
    """Commands from the keyboard: Ctrl-C asks for a stop after the step in progress."""

    def __init__(self) -> None:
        self.wanted = False

    def take(self) -> Command | None:
        """A stop once, after Ctrl-C."""
        wanted, self.wanted = self.wanted, False
        return Stop() if wanted else None

    def wait(self) -> Command:
        """Nothing pauses a run on the command line."""
        return Resume()


@contextmanager
def _interruptible() -> Iterator[_Interrupts]:
    commands = _Interrupts()
    if threading.current_thread() is not threading.main_thread():
        yield commands
        return

    def interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  # a signal handler's arguments
        commands.wanted = True
        signal.signal(signal.SIGINT, before)  # a second Ctrl-C ends at once

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield commands
    finally:
        signal.signal(signal.SIGINT, before)
