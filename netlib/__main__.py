"""The command line: ``python -m netlib trace|code|preset|train``."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from netlib.errors import BadLink, NetlibError
from netlib.export import source
from netlib.network import MAX_TEXT, Network
from netlib.presets import PRESETS, preset
from netlib.tracing import Trace, trace

OK, PROBLEMS, UNREADABLE = 0, 1, 2


def main(argv: list[str] | None = None) -> int:
    """The exit code: 0 ok, 1 the network has problems, 2 the file cannot be read."""
    parser = argparse.ArgumentParser(
        prog="python -m netlib", description="Describe, check, print and train networks."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    tracing = commands.add_parser("trace", help="table, totals and problems of a network")
    tracing.add_argument("file", help="a network as JSON; - for standard input")
    tracing.add_argument("--json", action="store_true", help="print JSON instead of a table")
    code = commands.add_parser("code", help="the PyTorch program of a network")
    code.add_argument("file", help="a network as JSON; - for standard input")
    presets = commands.add_parser("preset", help="list the presets, or print one as JSON")
    presets.add_argument("name", nargs="?", help="the preset to print")
    _add_train(commands)
    args = parser.parse_args(argv)
    try:
        return int(args.run(args)) if hasattr(args, "run") else _COMMANDS[args.command](args)
    except BadLink as error:
        print(error, file=sys.stderr)
        return UNREADABLE
    except NetlibError as error:
        print(error, file=sys.stderr)
        return PROBLEMS
    except BrokenPipeError:
        sys.stderr.close()
        return OK


def _add_train(commands: Any) -> None:
    from netlib.training.cli import add_parser

    add_parser(commands)


def read(file: str) -> Network:
    """The network in a file, or on standard input for ``-``.

    Raises:
        BadLink: when the file cannot be read or holds no network.
    """
    try:
        if file == "-":
            text = sys.stdin.buffer.read(MAX_TEXT + 1)
        else:
            with Path(file).open("rb") as opened:
                text = opened.read(MAX_TEXT + 1)
    except OSError as error:
        raise BadLink("{file}: {why}", file=file, why=error.strerror or "cannot be read") from None
    return Network.from_json(text)


def _trace(args: argparse.Namespace) -> int:
    traced = trace(read(args.file))
    if args.json:
        print(json.dumps(as_json(traced), ensure_ascii=False))
    else:
        _print_table(traced)
    return OK if traced.ok else PROBLEMS


def as_json(traced: Trace) -> dict[str, Any]:
    """A trace as JSON values: whether it runs, totals, a row a step, and the problems."""
    return {
        "ok": traced.ok,
        "output": list(traced.output.dims) if traced.output else None,
        "params": traced.params,
        "macs": traced.macs,
        "aux_params": traced.aux_params,
        "aux_macs": traced.aux_macs,
        "steps": [
            {
                "path": s.path,
                "title": s.title,
                "is_leaf": s.is_leaf,
                "input": list(s.input.dims),
                "output": list(s.output.dims) if s.output else None,
                "params": s.params,
                "macs": s.macs,
                "notes": [str(n) for n in s.notes],
            }
            for s in traced.steps
        ],
        "problems": [
            {
                "path": s.path,
                "message": str(s.problem.message),
                "hint": str(s.problem.hint),
                "field": s.problem.field,
            }
            for s in traced.problems
            if s.problem
        ],
    }


def _print_table(traced: Trace) -> None:
    from netlib.table import shown

    print(f"input {traced.network.input}")
    frame = shown(traced)
    if len(frame):
        print(frame.to_string(index=False, formatters={"parameters": "{:,}".format, "MACs": "{:,}".format}))
    extra = f" + {traced.aux_params:,} auxiliary" if traced.aux_params else ""
    print(
        f"\n{traced.params:,} parameters{extra}, {traced.macs:,} MACs, {2 * traced.macs:,} FLOPs per sample"
    )
    for step in traced.problems:
        if step.problem:
            print(f"{traced.where(step)}: {step.problem.message} {step.problem.hint}".rstrip())


def _code(args: argparse.Namespace) -> int:
    traced = trace(read(args.file))
    if traced.ok:
        print(source(traced), end="")
        return OK
    for step in traced.problems:
        if step.problem:
            print(f"{traced.where(step)}: {step.problem.message}", file=sys.stderr)
    return PROBLEMS


def _preset(args: argparse.Namespace) -> int:
    if args.name:
        print(preset(args.name).to_json(indent=1))
        return OK
    width = max(map(len, PRESETS))
    for known in PRESETS.values():
        print(f"{known.slug:<{width}}  {known.title}: {known.about}")
    return OK


_COMMANDS = {"trace": _trace, "code": _code, "preset": _preset}

if __name__ == "__main__":
    sys.exit(main())
