"""What is known of the devices beside the processor, as the workers tell it; nothing here imports torch."""

from collections.abc import Sequence

from pydantic import Field

from netlib.training.value import Value


class Accelerator(Value):
    """A device beside the processor.

    `name` as torch has it ("cuda:0", "mps"), `called` by its maker; `memory` in bytes, all that it has, None where it
    shares the processor's; `bfloat16` where it computes in it as fast as it can.
    """

    name: str
    called: str = ""
    memory: int | None = Field(None, ge=0)
    bfloat16: bool = False


def device_names(found: Sequence[Accelerator]) -> tuple[str, ...]:
    """Names that a spec's `device` may have: "cpu", then "cuda", which is any of them, and "cuda:0", …, or "mps"."""
    names = [each.name for each in found]
    return ("cpu", *(["cuda"] if any(name.startswith("cuda:") for name in names) else []), *names)


def least_memory(found: Sequence[Accelerator]) -> int | None:
    """Bytes that each of them has at least; None where nobody knows."""
    return min((each.memory for each in found if each.memory is not None), default=None)


def all_have_bfloat16(found: Sequence[Accelerator]) -> bool:
    """Whether a run may compute in bfloat16 on whichever it gets."""
    return bool(found) and all(each.bfloat16 for each in found)
