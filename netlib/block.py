"""Block: one declared part of a network, and the registry of its kinds."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    PlainSerializer,
    PlainValidator,
    ValidationError,
    model_serializer,
    model_validator,
)
from pydantic_core import PydanticCustomError

from netlib.errors import Rejected
from netlib.formula import Quantity, constant
from netlib.knob import REQUIRED, BadValue, Knob, brief, knobs
from netlib.nodes import Call, Node
from netlib.reach import Moves
from netlib.tensortype import LAYOUT_NAMES, Layout, TensorType
from netlib.words import Message, words

Category = Literal[
    "convolution",
    "pooling",
    "normalisation",
    "dropout",
    "activation",
    "dense",
    "recurrent",
    "attention",
    "reshape",
    "composite",
]

KINDS: dict[str, type["Block"]] = {}
"""Kind's name -> block class, in palette order."""

_UNKNOWN_KIND = words(
    "unknown kind of layer {kind}; there are for example {examples}",
    "未知的层类型 {kind}；可用的层例如 {examples}",
)
_NOT_A_BLOCK = words(
    'a layer is an object with a "kind", got {got}', '一个层是带有 "kind" 的对象，收到 {got}'
)
_UNKNOWN_FIELD = words(
    "unknown field {name} of {kind}; it takes {fields}", "{kind} 没有字段 {name}；它接受 {fields}"
)
_UNKNOWN_FIELD_CLOSE = words(
    "unknown field {name} of {kind}; did you mean {close}?", "{kind} 没有字段 {name}；是否想写 {close}？"
)
_MISSING = words("{field} must be given; it has no default", "必须给出 {field}；它没有默认值")
_BLOCK_LIST = words("{field} must be a list of layers, got {got}", "{field} 必须是层的列表，收到 {got}")
_BLOCK_LISTS = words(
    "{field} must be a list of lists of layers, got {got}", "{field} 必须是由层列表组成的列表，收到 {got}"
)
_BLOCK_COUNT = words(
    "{field} takes {least} to {most} entries, got {got}", "{field} 需要 {least} 到 {most} 项，收到 {got} 项"
)
_IN_LIST = words("{field}, layer {number}, {problem}", "{field} 第 {number} 层，{problem}")
_IN_KIND = words("{kind}: {problem}", "{kind}:{problem}")
_TAKES = words(
    "{kind} takes {wants}, but {layout} of {dims} flows in",
    "{kind} 接受{wants}，但流入的是{layout}，尺寸 {dims}",
)
_OR = words("{one} or {other}", "{one}或{other}")
_INSERT = words("insert {kind}", "插入 {kind}")


class Block(BaseModel):
    """A frozen, hashable description of one part of a network.

    Subclass it in a file under ``netlib/blocks/`` with ``kind=`` and it is registered, editable,
    drawable, exportable, shareable and tested. A subclass without a kind is a base, or internal.
    """

    model_config = ConfigDict(
        strict=True, frozen=True, extra="forbid", allow_inf_nan=False, hide_input_in_errors=True
    )

    kind: ClassVar[str] = ""
    label: ClassVar[str] = ""
    about: ClassVar[str] = ""
    category: ClassVar[Category] = "composite"
    rank: ClassVar[int] = 2
    accepts: ClassVar[tuple[Layout, ...]] = ("vector", "sequence", "signal", "image", "volume")

    def __init_subclass__(
        cls,
        *,
        kind: str = "",
        label: str = "",
        about: str = "",
        category: Category | None = None,
        **rest: Any,
    ) -> None:
        super().__init_subclass__(**rest)
        if not kind:
            cls.kind = cls.kind or cls.__name__
            return
        taken = KINDS.get(kind)
        if taken and (taken.__module__, taken.__qualname__) != (cls.__module__, cls.__qualname__):
            raise TypeError(f"kind {kind!r} is already taken by {taken.__module__}.{taken.__qualname__}")
        cls.kind, cls.label, cls.about = kind, label, about
        cls.category = category or cls.category
        KINDS[kind] = cls

    def lower(self, x: TensorType) -> Node:
        """What this block is made of, when `x` flows in.

        Raises:
            Rejected: when `x` has a layout this block accepts but not these sizes.
        """
        raise NotImplementedError

    @classmethod
    def cases(cls) -> "Iterator[Case]":
        """Worked examples and refusals; the test suite runs every one of them."""
        raise NotImplementedError

    def check(self, x: TensorType) -> None:
        """Say so when `x` has a layout that this block does not take.

        Raises:
            Rejected: with the blocks that would lead from one layout to the other, where there are any.
        """
        if x.layout in self.accepts:
            return
        wants = Message(LAYOUT_NAMES[self.accepts[0]])
        for layout in self.accepts[1:]:
            wants = Message(_OR, one=wants, other=Message(LAYOUT_NAMES[layout]))
        flows = Message(LAYOUT_NAMES[x.layout])
        raise Rejected(_TAKES, kind=self.kind, wants=wants, layout=flows, dims=str(x), fixes=self._bridges(x))

    def _bridges(self, x: TensorType) -> "tuple[Repair, ...]":
        found = []
        for start, end, name, fields in BRIDGES:
            if start == x.layout and end in self.accepts and name in KINDS:
                bridge = KINDS[name].model_validate(fields)
                found.append(Repair(Message(_INSERT, kind=str(bridge)), before=(bridge,)))
        return tuple(found)

    def held(self) -> "dict[str, tuple[Block, ...]]":
        """The lists of blocks inside this one, by the path that leads to each ("" , "branches.0")."""
        return {}

    def holding(self, where: str, blocks: "tuple[Block, ...]") -> Self:
        """A copy whose list at `where` (a key of `held`) is `blocks`."""
        raise KeyError(where)

    def with_(self, **changes: Any) -> Self:
        """A validated copy with `changes`.

        Raises:
            pydantic.ValidationError: when a change breaks a rule.
        """
        return type(self).model_validate(
            {**{n: getattr(self, n) for n in type(self).model_fields}, **changes}
        )

    def changed(self, *names: str) -> dict[str, Any]:
        """The named fields that differ from their defaults, as keyword arguments."""
        fields = type(self).model_fields
        return {n: value for n in names if (value := getattr(self, n)) != fields[n].default}

    def spec(self) -> dict[str, Any]:
        """The block as plain JSON values, defaults left out."""
        values = {n: _plain(v) for n, v in self.changed(*type(self).model_fields).items()}
        return {"kind": self.kind, **values}

    def __str__(self) -> str:
        plain = [k.name for k in all_knobs(type(self)) if not isinstance(k, Held)]
        shown = [f"{n}={v!r}" for n, v in self.changed(*plain).items()]
        return f"{self.kind}({', '.join(shown)})"

    def __hash__(self) -> int:
        known = self.__dict__.get("_hash")
        if known is None:
            known = hash((type(self), *(getattr(self, n) for n in type(self).model_fields)))
            self.__dict__["_hash"] = known
        return int(known)

    def __eq__(self, other: object) -> bool:
        return self is other or (
            type(self) is type(other)
            and hash(self) == hash(other)
            and all(getattr(self, n) == getattr(other, n) for n in type(self).model_fields)
        )

    @model_serializer(mode="plain")
    def _tagged(self) -> dict[str, Any]:
        return self.spec()

    @model_validator(mode="before")
    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        known = all_knobs(cls)
        problems = [_unknown(cls, name) for name in data if name not in cls.model_fields]
        values = dict(data)
        for knob in known:
            if knob.name in values:
                try:
                    values[knob.name] = knob.read(values[knob.name], cls.rank)
                except BadValue as error:
                    problems.append(error.message)
            elif knob.default is REQUIRED:
                problems.append(Message(_MISSING, field=knob.name))
        if problems:
            raise refusal(problems[0])
        return values


@lru_cache(maxsize=4_096)
def make(kind: str, **fields: Any) -> "Block":
    """A block of a kind by its name, each made once: composites lower to the same few layers again and again."""
    return KINDS[kind].model_validate(fields)


def refusal(message: Message) -> PydanticCustomError:
    """What a validator raises so that pydantic reports `message` in our words."""
    return PydanticCustomError("spec", "{sentence}", {"sentence": message})


def sentences(error: ValidationError) -> list[Message]:
    """What is wrong with a spec, one sentence a fault, for the person who wrote it."""
    found = []
    for fault in error.errors(include_url=False, include_input=False):
        said = fault.get("ctx", {}).get("sentence")
        found.append(said if isinstance(said, Message) else Message("{sentence}", sentence=fault["msg"]))
    return found


@cache
def all_knobs(cls: type[Block]) -> tuple[Knob, ...]:
    """`knobs` of a block class, looked up once."""
    return knobs(cls)


def _unknown(cls: type[Block], name: Any) -> Message:
    close = get_close_matches(str(name)[:80], cls.model_fields, 1)
    if close:
        return Message(_UNKNOWN_FIELD_CLOSE, name=brief(name), kind=cls.kind, close=close[0])
    fields = ", ".join(cls.model_fields) or "–"
    return Message(_UNKNOWN_FIELD, name=brief(name), kind=cls.kind, fields=fields)


def _plain(value: Any) -> Any:
    if isinstance(value, Block):
        return value.spec()
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return value


def read_block(value: Any) -> Block:
    """The block that a JSON object with a "kind" describes.

    Raises:
        PydanticCustomError: naming the kind, the field and the rule.
    """
    if isinstance(value, Block):
        return value
    if not isinstance(value, Mapping) or not isinstance(value.get("kind"), str):
        raise refusal(Message(_NOT_A_BLOCK, got=brief(value)))
    kind = value["kind"]
    if kind not in KINDS:
        near = get_close_matches(kind[:80], KINDS, 3, 0.5) or list(KINDS)[:3]
        raise refusal(Message(_UNKNOWN_KIND, kind=brief(kind), examples=", ".join(near)))
    try:
        return KINDS[kind].model_validate({k: v for k, v in value.items() if k != "kind"})
    except ValidationError as error:
        raise refusal(Message(_IN_KIND, kind=kind, problem=sentences(error)[0])) from None


@dataclass(frozen=True, kw_only=True)
class Held(Knob):
    """A list of blocks inside a block, or with `lists`, a list of such lists (branches)."""

    least: int = 0
    most: int = 1_024
    lists: bool = False

    def _read(self, value: Any, rank: int) -> Any:
        if not isinstance(value, list | tuple):
            raise self.refuse(_BLOCK_LIST, value)
        if not self.least <= len(value) <= self.most:
            raise BadValue(_BLOCK_COUNT, field=self.name, least=self.least, most=self.most, got=len(value))
        if not self.lists:
            return self._blocks(value)
        if not all(isinstance(branch, list | tuple) for branch in value):
            raise self.refuse(_BLOCK_LISTS, value)
        return tuple(self._blocks(branch) for branch in value)

    def _blocks(self, values: Sequence[Any]) -> tuple[Block, ...]:
        blocks = []
        for i, value in enumerate(values):
            try:
                blocks.append(read_block(value))
            except PydanticCustomError as error:
                said = (error.context or {}).get("sentence", "")
                raise BadValue(_IN_LIST, field=self.name, number=i + 1, problem=said) from None
        return tuple(blocks)


AnyBlock = Annotated[Block, PlainValidator(read_block), PlainSerializer(lambda b: b.spec())]

BRIDGES: tuple[tuple[Layout, Layout, str, dict[str, Any]], ...] = (
    ("image", "vector", "Flatten", {}),
    ("volume", "vector", "Flatten", {}),
    ("signal", "vector", "Flatten", {}),
    ("sequence", "vector", "Flatten", {}),
    ("sequence", "signal", "Permute", {"dims": [0, 2, 1]}),
    ("signal", "sequence", "Permute", {"dims": [0, 2, 1]}),
    ("tokens", "sequence", "Embedding", {"num_embeddings": 128, "embedding_dim": 32}),
    ("image", "sequence", "Flatten", {"start_dim": 2}),
    ("vector", "sequence", "Unflatten", {"dim": 1, "unflattened_size": [1, -1]}),
)
"""(what flows in, what is wanted, kind, fields): the layer that leads from one layout to the other."""


@dataclass(frozen=True, slots=True)
class Repair:
    """A change around one block that lets it run: blocks put before it, and fields set on it."""

    label: Message
    before: tuple[Block, ...] = ()
    changes: tuple[tuple[str, Any], ...] = ()


NOTHING = constant(0)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a leaf gives for one input, each number with the formula it came from.

    Args:
        output: the tensor type that comes out.
        size: formulas of the output axes that have one, by axis name ("H", "W").
        params, macs: parameters; multiply-accumulates per sample.
        moves: how windows move over the spatial axes, for the receptive field.
        keeps_input, keeps_output, keeps_bytes: what backward needs: the input, the output, and
            further bytes per sample; `keeps_once` bytes come once a batch.
        at_least: the backend may keep more than that (recurrent layers).
        views: the output shares the input's storage.
        notes: warnings that stop nothing.
    """

    output: TensorType
    params: Quantity = NOTHING
    macs: Quantity = NOTHING
    size: tuple[tuple[str, Quantity], ...] = ()
    moves: Moves = "same"
    keeps_input: bool = False
    keeps_output: bool = False
    keeps_bytes: int = 0
    keeps_once: int = 0
    at_least: bool = False
    views: bool = False
    notes: tuple[Message, ...] = ()


class Leaf(Block):
    """A block that is one layer: it states its output, parameters and MACs in closed form."""

    def lower(self, x: TensorType) -> Call:
        """The constructor call of this layer for input `x`."""
        raise NotImplementedError

    def measure(self, x: TensorType) -> Measured:
        """Output type, parameters, MACs, receptive-field step and what backward keeps, for input `x`.

        Raises:
            Rejected: when torch would refuse, with the rule and what came.
        """
        raise NotImplementedError


@dataclass(frozen=True)
class Case:
    """One worked example: `block` given `given` gives `gives`, or is refused `because`.

    `params` and `macs` (per sample, biases not counted) are worked out by hand, or quoted from a
    paper; never copied from the program's own output. `by_hand` gets the built module and a batch
    and computes the output some other way: shapes and counts cannot tell a sigmoid from an identity.
    """

    block: Block
    given: TensorType
    gives: TensorType | None = None
    params: int | None = None
    macs: int | None = None
    because: str = ""
    by_hand: "Callable[[Any, Any], Any] | None" = field(default=None, compare=False)


@lru_cache(maxsize=65_536)
def measured(block: Leaf, x: TensorType) -> "Measured | Rejected":
    """What `block.measure(x)` gives, or the refusal as a value; remembered."""
    try:
        block.check(x)
        return block.measure(x)
    except Rejected as refused:
        return refused
