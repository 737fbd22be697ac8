"""What is known of the devices beside the processor, and which runs want the same one; nothing here imports torch.

On a GPU one run goes at a time, beside those on the processor.
"""

from collections.abc import Collection, Sequence

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


def compete(one: str, other: str) -> bool:
    """Whether runs that want these devices may wait for each other; "cuda" is any of them."""
    kind, _, number = one.partition(":")
    other_kind, _, other_number = other.partition(":")
    return kind == other_kind and (not number or not other_number or number == other_number)


def slots_for(device: str, on_cpu: int, names: Collection[str]) -> int:
    """How many runs that want a device go at a time.

    Args:
        device: that they want; one that is not there holds nobody up: the run ends at once and says so.
        on_cpu: runs at a time on the processor.
        names: of the devices there are.
    """
    return len(_each(device, names)) or on_cpu


def place_for(device: str, on_cpu: int, names: Collection[str], taken: Sequence[str]) -> str | None:
    """Where a run can go now that wants a device: "cpu" or an accelerator's name; None where it has to wait.

    Args:
        device: that it wants.
        on_cpu: runs at a time on the processor.
        names: of the devices there are.
        taken: where the runs are that go.
    """
    if found := _each(device, names):
        return next((name for name in found if name not in taken), None)
    return "cpu" if taken.count("cpu") < on_cpu else None


def _each(device: str, names: Collection[str]) -> list[str]:
    """The accelerators, each by its own name, that are such a device."""
    each = [name for name in names if name not in ("cpu", "cuda")]
    return [name for name in each if device == name or (device == "cuda" and name.startswith("cuda:"))]
