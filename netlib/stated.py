"""Fields that the input decides: nobody has to state them, and a stated value is checked."""

from typing import Any

from netlib.block import Repair
from netlib.errors import Rejected
from netlib.knob import Whole, field
from netlib.tensortype import TensorType
from netlib.words import Message, words

_CHANNELS = words(
    "{name} is {stated}, but {got} channels flow in ({dims})",
    "{name} 为 {stated}，但流入的是 {got} 个通道（{dims}）",
)
_USE = words("use {name} = {value}", "改用 {name} = {value}")


def stated(label: str) -> Any:
    """A field that is inferred from the input; a stated value is kept and checked."""
    help = words("Read off the input; state it only to have it checked.", "由输入推出；只有想检查时才写明。")
    return field(Whole(label=label, help=help, lo=1, hi=2**31, optional=True, rare=True, inferred=True), None)


def check_channels(field: str, value: int | None, x: TensorType) -> None:
    """Say so when a stated number of channels is not what flows in.

    Raises:
        Rejected: naming the field and both numbers.
    """
    got = x.channels
    if value is None or value == got:
        return
    use = Repair(Message(_USE, name=field, value=got), changes=((field, None),))
    raise Rejected(_CHANNELS, field=field, fixes=(use,), name=field, stated=value, got=got, dims=str(x))
