"""What the training door draws: the curves of one real run, kept in `run.json`.

`python -m docs.record_run` trains that run again and writes the file anew.
"""

import json
from pathlib import Path
from typing import Any

RECORD = Path(__file__).resolve().parent / "run.json"


def curves() -> dict[str, Any]:
    """The run's training loss by step and validation loss by epoch, in nats."""
    record: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
    return {name: record[name] for name in ("training", "validation")}
