"""Follow one sample through a network in closed form, and note what happens at every step.

`trace` never raises for something a person can build. A step that cannot run has `output=None`
and a `Problem`; a chain stops there, a fork still tries its other branches. No torch here.

Every number is per sample. MACs are multiply-accumulates of convolutions, matrix products and
attention; biases, activations, normalisation and pooling count as nothing. FLOPs = 2 × MACs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from pydantic import ValidationError

from netlib.block import Block, Leaf, Measured, Repair, measured
from netlib.editing import Fix
from netlib.errors import Rejected
from netlib.merging import merged_type
from netlib.network import MAX_LAYERS, Network
from netlib.nodes import Call, Chain, Fork, Item, Node, Tap
from netlib.reach import Reach, merged, start
from netlib.tensortype import MAX_ELEMENTS, TensorType
from netlib.words import Message, words

MAX_STEPS = 8 * MAX_LAYERS
"""The deepest network published with these blocks, the CIFAR ResNet of 1,202 layers, has 6,007."""

_OUTPUT_LIMIT = words(
    "the output would hold {got:,} numbers ({gib:,.1f} GiB of memory), over the limit of {most:,}",
    "输出将含 {got:,} 个数（占内存 {gib:,.1f} GiB），超过上限 {most:,}",
)
_STEP_LIMIT = words(
    "the network has more than {most:,} steps once its blocks are unfolded (a limit of this app)",
    "展开各模块后网络超过 {most:,} 步（本应用的上限）",
)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a step cannot run, in words for the person who built it."""

    message: Message
    hint: Message
    field: str | None = None
    fixes: tuple[Fix, ...] = ()


class Flow:
    """What arrives at a step: its type, its receptive field, and whose storage it lies in."""

    __slots__ = ("_hash", "reach", "storage", "type")

    def __init__(self, type: TensorType, reach: Reach, storage: str) -> None:
        self.type, self.reach, self.storage = type, reach, storage
        self._hash = hash((type.dims, storage))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return self is other or (
            isinstance(other, Flow)
            and self._hash == other._hash
            and self.type == other.type
            and self.storage == other.storage
            and self.reach == other.reach
        )


@dataclass(frozen=True, slots=True)
class Step:
    """One node of the traced tree.

    `path` is its address everywhere: table row, diagram box, built module, place of an error.
    Composite steps show their totals; `aux_params` and `aux_macs` count what hangs on taps.
    `editable` tells a block that a person placed from one that another block is made of.
    """

    path: str
    item: Item
    flow: Flow
    after: Flow | None
    params: int = 0
    macs: int = 0
    aux_params: int = 0
    aux_macs: int = 0
    children: "tuple[Step, ...]" = ()
    node_inside: Node | None = None
    found: Measured | None = None
    problem: Problem | None = None
    editable: bool = True
    count: int = 1

    @property
    def block(self) -> Block | None:
        """The block this step stands for; None for a bare chain, fork or tap."""
        return self.item if isinstance(self.item, Block) else None

    @property
    def node(self) -> Node:
        """What the step lowers to."""
        if self.node_inside is not None:
            return self.node_inside
        if isinstance(self.item, Block):
            return self.item.lower(self.flow.type)
        return self.item  # type: ignore[return-value]  # an Item that is no block is a node

    @property
    def input(self) -> TensorType:
        """What flows in, per sample."""
        return self.flow.type

    @property
    def output(self) -> TensorType | None:
        """What comes out, per sample; None when the step cannot run."""
        return self.after.type if self.after else None

    @property
    def reach(self) -> Reach | None:
        """What a unit of the output sees of the network's input."""
        return self.after.reach if self.after else None

    @property
    def is_leaf(self) -> bool:
        """Whether the step is one layer, with nothing inside."""
        return not self.children

    @property
    def is_tap(self) -> bool:
        """Whether the step hangs off the main path, and runs in training only."""
        return isinstance(self.node_inside, Tap) or isinstance(self.item, Tap)

    @property
    def title(self) -> str:
        """The kind's name, or the node's."""
        if isinstance(self.item, Block):
            return self.item.kind
        return type(self.item).__name__

    @property
    def notes(self) -> tuple[Message, ...]:
        """Warnings that stop nothing."""
        return self.found.notes if self.found else ()

    def __iter__(self) -> "Iterator[Step]":
        """This step and all steps inside it, in the order the data meets them."""
        yield self
        for child in self.children:
            yield from child


@dataclass(frozen=True)
class Trace:
    """A traced network: everything the app shows is read off this."""

    network: Network
    root: Step

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Every step in data order, composites before what is inside them; the root left out."""
        return tuple(self.root)[1:]

    @cached_property
    def leaves(self) -> tuple[Step, ...]:
        """The steps that are single layers."""
        return tuple(s for s in self.steps if s.is_leaf)

    @cached_property
    def problems(self) -> tuple[Step, ...]:
        """The steps with a problem of their own."""
        return tuple(s for s in self.root if s.problem)

    @property
    def ok(self) -> bool:
        """Whether the whole network can run."""
        return not self.problems

    @property
    def output(self) -> TensorType | None:
        """What the network gives, per sample."""
        return self.root.output

    @property
    def params(self) -> int:
        """Parameters on the main path."""
        return self.root.params

    @property
    def macs(self) -> int:
        """Multiply-accumulates per sample on the main path."""
        return self.root.macs

    @property
    def aux_params(self) -> int:
        """Parameters of what hangs on taps."""
        return self.root.aux_params

    @property
    def aux_macs(self) -> int:
        """Multiply-accumulates per sample of what hangs on taps."""
        return self.root.aux_macs

    @cached_property
    def memory(self) -> dict[str, int]:
        """Bytes per sample that each step is the first to keep for backward, by path.

        Distinct tensors count once and the network's input not at all, as
        `torch.autograd.graph.saved_tensors_hooks` sees them.
        """
        kept: set[str] = {"input"}
        return {step.path: _kept(step, kept) for step in self.root}

    @cached_property
    def memory_is_exact(self) -> bool:
        """False when a backend may keep more than `memory` says (recurrent layers, attention)."""
        return not any(s.found and s.found.at_least for s in self.leaves)

    def saved_bytes(self, batch: int = 1) -> int:
        """Bytes of activations that a training step on `batch` samples keeps for backward."""
        once = sum(s.found.keeps_once for s in self.leaves if s.found)
        return batch * (sum(self.memory.values()) - once) + once

    @cached_property
    def largest_output(self) -> int:
        """Bytes per sample of the largest tensor that flows."""
        return max((s.output.nbytes for s in self.root if s.output), default=0)

    @cached_property
    def _by_path(self) -> dict[str, Step]:
        return {s.path: s for s in self.root}

    def step(self, path: str) -> Step:
        """The step at an address.

        Raises:
            KeyError: when there is none.
        """
        return self._by_path[path]

    def where(self, step: Step) -> str:
        """The step's address for people, counted from 1: ``2 Residual › 1 Conv2d``."""
        parts = step.path.split(".") if step.path else []
        around = [".".join(parts[: i + 1]) for i in range(len(parts))]
        named = [(p, self._by_path[p]) for p in around if p in self._by_path and self._by_path[p].block]
        return " › ".join(f"{int(p.rpartition('.')[2]) + 1} {s.title}" for p, s in named)


def trace(network: Network) -> Trace:
    """Trace `network` without allocating a weight; a fraction of a millisecond, whatever its size."""
    x = network.input
    flow = Flow(x, start(len(x.spatial)), "input")
    return Trace(network, _chain(Chain(network.layers), Chain(network.layers), flow, "", True))


@lru_cache(maxsize=16_384)
def _step(item: Item, flow: Flow, path: str, editable: bool) -> Step:
    if isinstance(item, Leaf):
        return _leaf(item, flow, path, editable)
    if not isinstance(item, Block):
        return _node(item, item, flow, path, editable)  # type: ignore[arg-type]  # see Step.node
    try:
        item.check(flow.type)
        lowered = item.lower(flow.type)
    except Rejected as refused:
        problem = _problem(refused, item, flow, path, editable)
        return Step(path, item, flow, None, problem=problem, editable=editable)
    return _node(lowered, item, flow, path, editable)


def _node(node: Node, item: Item, flow: Flow, path: str, editable: bool) -> Step:
    match node:
        case Chain():
            return _chain(node, item, flow, path, editable)
        case Fork():
            return _fork(node, item, flow, path, editable)
        case Tap():
            return _tap(node, item, flow, path, editable)
        case Call():
            raise TypeError(f"a bare call has no closed form; wrap it in a Leaf: {node}")


def _leaf(block: Leaf, flow: Flow, path: str, editable: bool) -> Step:
    found = measured(block, flow.type)
    if isinstance(found, Rejected):
        problem = _problem(found, block, flow, path, editable)
        return Step(path, block, flow, None, problem=problem, editable=editable)
    if found.output.numel > MAX_ELEMENTS:
        problem = Problem(
            Message(
                _OUTPUT_LIMIT, got=found.output.numel, gib=found.output.nbytes / 2**30, most=MAX_ELEMENTS
            ),
            Message(),
        )
        return Step(path, block, flow, None, problem=problem, editable=editable)
    after = Flow(found.output, flow.reach.after(found.moves), flow.storage if found.views else path)
    return Step(
        path, block, flow, after, found.params.value, found.macs.value, found=found, editable=editable
    )


def _chain(node: Chain, item: Item, flow: Flow, path: str, editable: bool) -> Step:
    owned = _inside(item, editable, "")
    steps: list[Step] = []
    here: Flow | None = flow
    count = 1
    prefix = f"{path}." if path else ""
    for i, inner in enumerate(node.items):
        assert here is not None
        step = _step(inner, here, f"{prefix}{i}", owned)
        count += step.count
        if count > MAX_STEPS:
            problem = Problem(Message(_STEP_LIMIT, most=MAX_STEPS), Message())
            step = Step(step.path, inner, here, None, problem=problem, editable=owned)
        steps.append(step)
        here = step.after
        if here is None:
            break
    return _composite(node, item, flow, here, path, tuple(steps), None, editable, count)


def _fork(node: Fork, item: Item, flow: Flow, path: str, editable: bool) -> Step:
    prefix = f"{path}." if path else ""
    keys = [f"branches.{i}" for i in range(len(node.branches))]
    branches = tuple(
        _step(b, flow, f"{prefix}{key}", _inside(item, editable, key))
        for key, b in zip(keys, node.branches, strict=True)
    )
    afters = [b.after for b in branches if b.after]
    count = 1 + sum(b.count for b in branches)
    if len(afters) < len(branches):
        return _composite(node, item, flow, None, path, branches, None, editable, count)
    try:
        type = merged_type(node.merge, [a.type for a in afters], item if isinstance(item, Block) else None)
    except Rejected as refused:
        problem = _problem(refused, item, flow, path, editable)
        return _composite(node, item, flow, None, path, branches, problem, editable, count)
    after = Flow(type, merged([a.reach for a in afters]), path)
    return _composite(node, item, flow, after, path, branches, None, editable, count)


def _tap(node: Tap, item: Item, flow: Flow, path: str, editable: bool) -> Step:
    prefix = f"{path}." if path else ""
    branch = _step(node.branch, flow, f"{prefix}branch", _inside(item, editable, "branch"))
    after = flow if branch.after else None
    return _composite(node, item, flow, after, path, (branch,), None, editable, 1 + branch.count)


def _inside(item: Item, editable: bool, key: str) -> bool:
    """Whether the blocks at `key` inside this item are ones that a person placed; a projection is not."""
    return editable and (not isinstance(item, Block) or key in item.held())


def _composite(
    node: Node,
    item: Item,
    flow: Flow,
    after: Flow | None,
    path: str,
    children: tuple[Step, ...],
    problem: Problem | None,
    editable: bool,
    count: int,
) -> Step:
    params = macs = aux_params = aux_macs = 0
    for child in children:
        aux_params += child.aux_params
        aux_macs += child.aux_macs
        if child.is_tap:
            aux_params += child.params
            aux_macs += child.macs
        else:
            params += child.params
            macs += child.macs
    return Step(
        path,
        item,
        flow,
        after,
        params,
        macs,
        aux_params,
        aux_macs,
        children,
        node,
        None,
        problem,
        editable,
        count,
    )


def _problem(refused: Rejected, item: Item, flow: Flow, path: str, editable: bool) -> Problem:
    fixes: tuple[Fix, ...] = ()
    if editable and isinstance(item, Block):
        fixes = tuple(Fix(path, r) for r in refused.fixes if _mends(r, item, flow))
    return Problem(refused.message, refused.hint, refused.field, fixes)


def _mends(repair: Repair, block: Block, flow: Flow) -> bool:
    """Whether the block runs once the repair is done; only such repairs are offered."""
    try:
        mended = block.with_(**dict(repair.changes)) if repair.changes else block
    except ValidationError:
        return False
    here: Flow | None = flow
    for i, item in enumerate((*repair.before, mended)):
        if here is None:
            return False
        here = _step(item, here, str(i), False).after
    return here is not None


def _kept(step: Step, kept: set[str]) -> int:
    """Bytes per sample that this step is the first to keep; adds their storages to `kept`."""
    if step.after is None:
        return 0
    if isinstance(step.node_inside, Fork) and step.node_inside.merge == "multiply":
        return _kept_by_product([child.after for child in step.children if child.after], kept)
    found = step.found
    if found is None:
        return 0
    own = found.keeps_bytes + found.keeps_once
    if found.keeps_input:
        own += _first_to_keep(step.flow, kept)
    if found.keeps_output:
        own += _first_to_keep(step.after, kept)
    return own


def _kept_by_product(factors: list[Flow], kept: set[str]) -> int:
    """A product keeps both factors; of more than two, each product on the way is a factor of the next."""
    if factors[0].type.dtype == "int64":  # indices have no gradient
        return 0
    own = sum(_first_to_keep(factor, kept) for factor in factors)
    product = factors[0].type
    for factor in factors[1:-1]:
        product = max(product, factor.type, key=lambda x: x.numel)
        own += product.nbytes
    return own


def _first_to_keep(flow: Flow, kept: set[str]) -> int:
    if flow.storage in kept:
        return 0
    kept.add(flow.storage)
    return flow.type.nbytes
