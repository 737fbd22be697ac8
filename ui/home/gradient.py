"""What the residual door draws: the gradient at each layer of two real nets, kept in `gradient.json`.

`python -m docs.record_gradients` measures it again and writes the file anew.
"""

import json
from pathlib import Path
from typing import Any

RECORD = Path(__file__).resolve().parent / "gradient.json"


def norms() -> dict[str, Any]:
    """The gradient norm at each layer, stem first, of the plain and of the residual net."""
    record: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
    return {name: record[name] for name in ("plain", "residual")}
