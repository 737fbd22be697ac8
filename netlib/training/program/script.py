"""A run as a Python program: one file that trains the same network on the same batches, and compares."""

from netlib.training.program.pieces import pieces
from netlib.training.program.record import Record
from netlib.training.spec import RunSpec


def script(spec: RunSpec, record: Record | None = None) -> str:
    """A complete program; on the CPU its losses are those of the run, bit for bit, and it says whether they are.

    Args:
        spec: settled, as the run's row holds it.
        record: the run it is to repeat; see `recorded`.

    Raises:
        ValueError: when the network has problems.
        NetlibError: for data whose origin a program cannot state.
    """
    about, parts = pieces(spec, record)
    head, *rest = parts
    text = ['"""' + "\n".join(about) + '\n"""', "", head.code]
    for part in rest:
        text += [
            "",
            "",
            f"# --- {part.title}",
            "",
            *([""] if part.code.startswith("class ") else []),
            part.code,
        ]
    return "\n".join(text) + "\n"
