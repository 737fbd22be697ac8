"""A worker driven by hand, line by line."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parent.parent.parent
STAND_IN = [sys.executable, "-m", "tests.training.stand_in"]


class Hand:
    """A worker driven by hand, as one would in a terminal."""

    def __init__(self, program: list[str] = STAND_IN) -> None:
        self.process = subprocess.Popen(
            program,
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.ready = self.hear()

    def say(self, text: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()

    def tell(self, **message: Any) -> None:
        self.say(json.dumps(message))

    def hear(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        message: dict[str, Any] = json.loads(self.process.stdout.readline())
        return message

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        with self.process:
            pass  # closes its pipes and waits for it
