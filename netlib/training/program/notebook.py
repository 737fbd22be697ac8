"""A run as a Jupyter notebook: the cells of its program, each under a heading."""

import json
from typing import Any

from netlib.training.program.pieces import pieces
from netlib.training.program.record import Record
from netlib.training.spec import RunSpec


def notebook(spec: RunSpec, record: Record | None = None) -> str:
    """The program of `script` as a notebook in format 4.5, as JSON text.

    Raises:
        ValueError: when the network has problems.
        NetlibError: for data whose origin a program cannot state.
    """
    about, parts = pieces(spec, record)
    title, *rest = about
    cells = [_text("head", f"# {title}\n" + "\n".join(rest))]
    for number, part in enumerate(parts, start=1):
        cells.append(_text(f"title-{number}", f"## {part.title}"))
        cells.append(_code(f"code-{number}", part.code))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    held = {
        "cells": cells,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(held, indent=1, ensure_ascii=False) + "\n"


def _text(name: str, text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": text.splitlines(keepends=True)}


def _code(name: str, code: str) -> dict[str, Any]:
    lines = code.strip("\n").splitlines(keepends=True)
    return {
        "cell_type": "code",
        "id": name,
        "metadata": {},
        "execution_count": None,
        "outputs": [],
        "source": lines,
    }
