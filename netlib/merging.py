"""What comes out where branches join, and why some do not join."""

from functools import lru_cache

from netlib.block import Block, Leaf, Repair, measured
from netlib.errors import Rejected
from netlib.nodes import Call, Chain, Fork, Item, Merge, Tap
from netlib.tensortype import SPATIAL, TensorType
from netlib.words import Message, words

_KINDS_DIFFER = words(
    "{merge} joins tensors of one layout, but the branches give {shapes}",
    "{merge} 只能合并同一布局的张量，但各分支输出 {shapes}",
)
_CONCAT = words(
    "concat joins the {axis} axis, so all other sizes must match, but the branches give {shapes}",
    "concat 沿 {axis} 轴拼接，其余尺寸必须相同，但各分支输出 {shapes}",
)
_CONCAT_HINT = words(
    "Give every branch the same stride, and padding that keeps the size.",
    "让每个分支步长相同，并用能保持尺寸的填充。",
)
_ADD = words(
    "add needs equal shapes, but the branches give {shapes}", "相加要求形状相同，但各分支输出 {shapes}"
)
_ADD_HINT = words(
    "Keep channels and stride inside the body, or give the shortcut a projection.",
    "让主体保持通道数和步长，或给捷径加投影。",
)
_BROADCAST = words(
    "add needs equal shapes, but the branches give {shapes}; PyTorch would stretch the smaller one without a word",
    "相加要求形状相同，但各分支输出 {shapes}；PyTorch 会不加提示地广播较小的一个",
)
_MULTIPLY = words(
    "multiply needs equal shapes, or a gate of C × 1 × 1 beside C × H × W, but the branches give {shapes}",
    "相乘要求形状相同，或 C × H × W 配 C × 1 × 1 的门，但各分支输出 {shapes}",
)
_PROJECT = words("use a projection shortcut", "改用投影捷径")


def merged_type(how: Merge, outs: list[TensorType], block: Block | None = None) -> TensorType:
    """The type that branches of these types join to.

    Args:
        block: the block whose branches these are; a repair may change one of its fields.

    Raises:
        Rejected: when they do not join, with all shapes in the message.
    """
    first = outs[0]
    shapes = ", ".join(str(o) for o in outs)
    if len({(o.layout, o.dtype, len(o.dims)) for o in outs}) > 1:
        raise Rejected(_KINDS_DIFFER, merge=how, shapes=shapes)
    if how == "concat":
        return _concat(outs, shapes)
    if how == "add":
        if any(o.dims != first.dims for o in outs):
            template = _BROADCAST if _broadcasts(outs) else _ADD
            raise Rejected(template, hint=Message(_ADD_HINT), fixes=_projection(block), shapes=shapes)
        return first
    return _multiply(outs, shapes)


def _concat(outs: list[TensorType], shapes: str) -> TensorType:
    first = outs[0]
    axis = 0 if first.layout in SPATIAL else len(first.dims) - 1
    rest = {(*o.dims[:axis], *o.dims[axis + 1 :]) for o in outs}
    if len(rest) > 1:
        name = "C" if first.layout in SPATIAL else "F"
        raise Rejected(_CONCAT, hint=Message(_CONCAT_HINT), axis=name, shapes=shapes)
    total = sum(o.dims[axis] for o in outs)
    return first.resized(*first.dims[:axis], total, *first.dims[axis + 1 :])


def _multiply(outs: list[TensorType], shapes: str) -> TensorType:
    largest = max(outs, key=lambda o: o.numel)
    for o in outs:
        is_gate = o.dims[0] == largest.dims[0] and all(d == 1 for d in o.dims[1:]) and o.layout in SPATIAL
        if o.dims != largest.dims and not is_gate:
            raise Rejected(_MULTIPLY, shapes=shapes)
    return largest


def _broadcasts(outs: list[TensorType]) -> bool:
    return all(len({o.dims[i] for o in outs} - {1}) <= 1 for i in range(len(outs[0].dims)))


def _projection(block: Block | None) -> tuple[Repair, ...]:
    if block is None or getattr(block, "shortcut", None) != "identity":
        return ()
    return (Repair(Message(_PROJECT), changes=(("shortcut", "projection"),)),)


@lru_cache(maxsize=16_384)
def output_of(item: Item, x: TensorType) -> TensorType | None:
    """The type that an item gives for input `x`, or None where it cannot run.

    For blocks whose make-up depends on what a part of them gives; `trace` says why and where.
    """
    match item:
        case Leaf():
            found = measured(item, x)
            return None if isinstance(found, Rejected) else found.output
        case Block():
            try:
                item.check(x)
                return output_of(item.lower(x), x)
            except Rejected:
                return None
        case Chain(items=items):
            here: TensorType | None = x
            for inner in items:
                here = output_of(inner, here) if here else None
            return here
        case Fork(branches=branches, merge=merge):
            outs = [output_of(b, x) for b in branches]
            try:
                return None if None in outs else merged_type(merge, [o for o in outs if o])
            except Rejected:
                return None
        case Tap(branch=branch):
            return x if output_of(branch, x) else None
        case Call() | _:
            return None
