"""The pieces of a run's program in order, for a file or for the cells of a notebook."""

from collections.abc import Mapping
from dataclasses import dataclass

from numpy import float32

from netlib import trace
from netlib.export import definitions
from netlib.training.machine import settle
from netlib.training.program import settings, steps
from netlib.training.program.data import data
from netlib.training.program.record import Record
from netlib.training.spec import RunSpec

CHECK = """\
RECORDED = {recorded}
DIGEST = {digest!r}  # SHA-256 over all losses as float32

trained = torch.stack(losses).float().cpu()
for step, loss in RECORDED.items():
    here, recorded = trained[step - 1].item(), torch.tensor(loss).item()
    if str(here) != str(recorded):  # as text, since NaN is not equal to itself
        print(f"differs: at step {{step:,}} the loss is {{here:.9g}}, recorded was {{recorded:.9g}}")
        print("Another version of torch, another processor or another number of threads changes the last bits.")
        break
else:
    if DIGEST and hashlib.sha256(trained.numpy().astype("<f4").tobytes()).hexdigest() != DIGEST:
        print("differs somewhere between step {before:,} and step {after:,}")
    else:
        which = "all" if DIGEST else "the first and last of"
        print(f"equal: {{which}} {{len(losses):,}} losses are those of the run, bit for bit")"""


@dataclass(frozen=True)
class Piece:
    """A part of a program: what it is, in a line, and its code."""

    title: str
    code: str


def pieces(spec: RunSpec, record: Record | None = None) -> tuple[list[str], list[Piece]]:
    """Lines about the program, and its parts in order.

    Args:
        spec: settled; what is not is completed for the plainest machine.
        record: the run it is to repeat; without one it trains as the spec says and compares with nothing.

    Raises:
        ValueError: when the network has problems.
        NetlibError: for data whose origin a program cannot state.
    """
    spec = settle(spec)
    found = trace(spec.network)
    parts = [
        Piece("The network", definitions(found)),
        Piece("The data", data(spec)),
        Piece("The model, the optimiser and the order of the batches", steps.model(spec)),
        Piece("The learning rate", steps.rates(spec, record)),
        Piece("The loss", f"{steps.loss(spec, found)}\n\n\n{steps.evaluation(spec, found)}"),
        Piece("The training", steps.loop(spec, found, record)),
    ]
    if not (record and record.rates) and spec.schedule.name == "constant":
        parts = [part for part in parts if part.title != "The learning rate"]
    if record is not None and record.first:
        parts.append(Piece("Is it the run that was recorded?", check(record)))
    head = settings.imports(spec, "\n".join(part.code for part in parts))
    return settings.about(spec, found, record), [Piece("Settings", head), *parts]


def check(record: Record) -> str:
    """Code that compares `losses` with what was recorded, and says so."""
    between = sorted(set(range(1, record.steps + 1)) - record.first.keys() - record.last.keys())
    return CHECK.format(
        recorded=_literal({**record.first, **record.last}),
        digest=record.digest,
        before=(between or [1])[0],
        after=(between or [record.steps])[-1],
    )


def _literal(losses: Mapping[int, float32]) -> str:
    """A dictionary of losses by step, each as short as it may be for the very same float32."""
    return "{" + ", ".join(f"{step}: {shortest(loss)}" for step, loss in losses.items()) + "}"


def shortest(value: float32) -> str:
    """Decimals from which the same float32 comes back, also by way of a double."""
    short = str(value)
    if short in ("nan", "inf", "-inf"):
        return f'float("{short}")'
    return short if float32(float(short)) == value else repr(float(value))
