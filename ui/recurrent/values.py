"""States and gates for the picture: asked of a worker once, kept for everybody who looks at the same setting."""

from typing import Any

from netlib import Message
from ui import workers
from ui.recurrent.layer import question
from ui.recurrent.state import RecurrentState
from ui.training.answers import answers
from ui.words import tr

QUESTION = "unrolled"
PATIENCE = 180.0
"""Seconds that an answer may take; the first waits until PyTorch is warm."""


def ask(state: RecurrentState, again: bool = False) -> None:
    """Asks for the values where nobody has; `again` for what came to nothing."""
    answers().ask(workers.pool(), QUESTION, question(state), PATIENCE, again)


def values(state: RecurrentState) -> dict[str, Any]:
    """{"is": "ready", "answer": …}, {"is": "asking"}, or {"is": "refused", "says": …}; nothing here waits or asks."""
    answer = answers().known(QUESTION, question(state))
    if answer is None:
        return {"is": "asking"}
    if isinstance(answer, Message):
        return {"is": "refused", "says": tr(answer)}
    return {"is": "ready", "answer": answer}
