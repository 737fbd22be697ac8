"""Network: what a person has built, as a value; its JSON and the link that shares it."""

import base64
import binascii
import json
import re
import zlib
from collections.abc import Iterator
from functools import lru_cache
from math import isfinite
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, PlainSerializer, PlainValidator, ValidationError, model_validator

from netlib import blocks as _blocks  # noqa: F401  (importing the folder registers every kind)
from netlib.block import AnyBlock, Block, refusal, sentences
from netlib.errors import BadLink, TooBig
from netlib.json_faults import json_fault
from netlib.knob import brief
from netlib.tensortype import TensorType, parse_input
from netlib.words import Message, words

LINK_VERSION = "1"
MAX_LINK = 16 * 1024
MAX_TEXT = 64 * 1024
MAX_LAYERS = 1_024
MAX_DEPTH = 24
MAX_OBJECTS = 2_000
MAX_DIGITS = 12

_LAYERS = words(
    "a network may have at most {most:,} layers (a limit of this app), got {got:,}",
    "一个网络最多 {most:,} 层（本应用的上限），收到 {got:,} 层",
)
_NESTED = words(
    "layers may be nested at most {most} levels deep (a limit of this app)",
    "层最多嵌套 {most} 级（本应用的上限）",
)
_OBJECTS = words(
    "a network may hold at most {most:,} lists and objects (a limit of this app)",
    "一个网络最多含 {most:,} 个列表和对象（本应用的上限）",
)
_SHAPE = words(
    'a network is an object with "input" and "layers", got {got}',
    '网络是带有 "input" 和 "layers" 的对象，收到 {got}',
)
_NO_INPUT = words('a network needs an "input"', '网络需要 "input"')
_LAYER_LIST = words('"layers" must be a list of layers, got {got}', '"layers" 必须是层的列表，收到 {got}')
_NOT_JSON = words(
    "this is not JSON: {why} (line {line}, column {column})",
    "这不是 JSON：{why}（第 {line} 行第 {column} 列）",
)
_TOO_LONG = words(
    "the text is {got:,} bytes long; at most {most:,} are read", "文本长 {got:,} 字节；最多读取 {most:,} 字节"
)
_TWICE = words("{key} appears twice in one object", "{key} 在同一个对象中出现了两次")
_DIGITS = words("a number has more than {most} digits", "有一个数超过 {most} 位")
_FINITE = words("{got} is not a finite number", "{got} 不是有限的数")
_LINK_LONG = words(
    "this network makes a link of {got:,} characters; at most {most:,} travel well. Download its JSON file instead.",
    "这个网络的链接有 {got:,} 个字符；最多 {most:,} 个。请改为下载 JSON 文件。",
)
_VERSION = words(
    "this link was made by another version of the app ({got})", "这个链接来自本应用的其他版本（{got}）"
)
_DAMAGED = words("this link is damaged", "这个链接已损坏")
_LINK_TOO_LONG = words(
    "this link is {got:,} characters long; at most {most:,} are read",
    "这个链接有 {got:,} 个字符；最多读取 {most:,} 个",
)
_LINK_HOLDS = words("this link does not hold a network: {why}", "这个链接里不是有效的网络：{why}")


def _read_input(value: Any) -> TensorType:
    parsed = parse_input(value)
    if isinstance(parsed, Message):
        raise refusal(parsed)
    return parsed


def _write_input(value: TensorType) -> dict[str, Any]:
    spec: dict[str, Any] = {"dims": list(value.dims)}
    if value.dtype != "float32":
        spec["dtype"] = value.dtype
    if value.layout == "signal":
        spec["layout"] = value.layout
    return spec


class Network(BaseModel):
    """An input type and the blocks it flows through.

    `Network.model_validate` takes JSON-like values and raises pydantic's ValidationError, whose text
    says the field, the rule and what came.
    """

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", hide_input_in_errors=True)

    input: Annotated[TensorType, PlainValidator(_read_input), PlainSerializer(_write_input)]
    layers: tuple[AnyBlock, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _bounded(cls, data: Any) -> Any:
        if isinstance(data, Network):
            return {"input": data.input, "layers": data.layers}
        if not isinstance(data, dict) or data.keys() - {"input", "layers"}:
            raise refusal(
                Message(_SHAPE, got=brief(sorted(map(str, data)) if isinstance(data, dict) else data))
            )
        if "input" not in data:
            raise refusal(Message(_NO_INPUT))
        layers = data.get("layers", ())
        if not isinstance(layers, list | tuple):
            raise refusal(Message(_LAYER_LIST, got=brief(layers)))
        if too_much := _excess(layers):
            raise refusal(too_much)
        return {"input": data["input"], "layers": tuple(layers)}

    @classmethod
    def of(cls, input: TensorType, *layers: Block) -> Self:
        """A network of blocks at hand."""
        return cls.model_validate({"input": input, "layers": layers})

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """The network that a JSON text describes.

        Raises:
            BadLink: when the text is oversized, is no JSON, or describes no network; never anything else.
        """
        data = _loads(text)
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            raise BadLink("{sentence}", sentence=explain(error)[0]) from None

    def to_json(self, indent: int | None = None) -> str:
        """The network as JSON, defaults left out."""
        return _text_of(self) if indent is None else _dumped(self, indent)

    def to_link(self) -> str:
        """A URL-safe text that `from_link` turns back into an equal network.

        Raises:
            TooBig: when the link would be longer than 16 KiB, or unpack to more than is read.
        """
        return _link_of(self)

    @classmethod
    def from_link(cls, link: str) -> Self:
        """The network behind a link.

        Raises:
            BadLink: when the link is damaged, oversized, of another version, or holds no network.
        """
        if len(link) > MAX_LINK:
            raise BadLink(_LINK_TOO_LONG, got=len(link), most=MAX_LINK)
        version, dot, body = link.partition(".")
        if not (dot and version.isascii() and version.isdigit()):
            raise BadLink(_DAMAGED)
        if version != LINK_VERSION:
            raise BadLink(_VERSION, got=brief(version[:12]))
        try:
            return cls.from_json(_unpacked(body))
        except BadLink as error:
            if error.message.template == _DAMAGED:
                raise
            raise BadLink(_LINK_HOLDS, why=error.message) from None


def _dumped(network: Network, indent: int | None) -> str:
    separators = None if indent else (",", ":")
    return json.dumps(network.model_dump(), ensure_ascii=False, indent=indent, separators=separators)


@lru_cache(maxsize=256)
def _text_of(network: Network) -> str:
    """Written once: a page asks several times for the text of what it shows."""
    return _dumped(network, None)


@lru_cache(maxsize=256)
def _link_of(network: Network) -> str:
    text = _text_of(network).encode()
    if len(text) > MAX_TEXT:
        raise TooBig(_TOO_LONG, got=len(text), most=MAX_TEXT)
    packed = zlib.compress(text, 9)
    link = f"{LINK_VERSION}.{base64.urlsafe_b64encode(packed).decode().rstrip('=')}"
    if len(link) > MAX_LINK:
        raise TooBig(_LINK_LONG, got=len(link), most=MAX_LINK)
    return link


def explain(error: ValidationError) -> list[Message]:
    """What is wrong with a network's spec: where (counted from 1) and why, a sentence a fault."""
    found = []
    for fault, said in zip(
        error.errors(include_url=False, include_input=False), sentences(error), strict=True
    ):
        place = fault["loc"]
        if len(place) == 2 and place[0] == "layers":
            said = Message(
                words("layer {number}, {problem}", "第 {number} 层，{problem}"),
                number=int(place[1]) + 1,
                problem=said,
            )
        found.append(said)
    return found


def _unpacked(body: str) -> bytes:
    try:
        raw = base64.b64decode(body.encode("ascii") + b"=" * (-len(body) % 4), altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj()
        text = unpacker.decompress(raw, MAX_TEXT + 1)
    except (ValueError, binascii.Error, zlib.error):
        raise BadLink(_DAMAGED) from None
    if len(text) > MAX_TEXT:
        raise BadLink(_TOO_LONG, got=len(text), most=MAX_TEXT)
    if not unpacker.eof or unpacker.unused_data:
        raise BadLink(_DAMAGED)
    return text


class _BadJson(ValueError):
    def __init__(self, template: str, **values: Any) -> None:
        self.message = Message(template, **values)
        super().__init__(str(self.message))


def _loads(text: str | bytes) -> Any:
    """JSON values under our limits: no repeated keys, no endless numbers, no NaN, bounded depth."""
    try:
        written = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        size = len(written.encode("utf-8"))
    except UnicodeError:
        raise BadLink(_DAMAGED) from None
    if size > MAX_TEXT:
        raise BadLink(_TOO_LONG, got=size, most=MAX_TEXT)
    if _deeper_than(written, 3 * MAX_DEPTH):
        raise BadLink(_NESTED, most=MAX_DEPTH)
    try:
        return json.loads(
            written,
            object_pairs_hook=_no_twins,
            parse_int=_short_int,
            parse_float=_finite,
            parse_constant=_refuse_constant,
        )
    except json.JSONDecodeError as error:
        raise BadLink(_NOT_JSON, why=json_fault(error), line=error.lineno, column=error.colno) from None
    except _BadJson as error:
        raise BadLink("{sentence}", sentence=error.message) from None
    except (ValueError, RecursionError):
        raise BadLink(_DAMAGED) from None


def _deeper_than(text: str, most: int) -> bool:
    """Whether the brackets of a JSON text, strings left out, open deeper than `most`."""
    depth = 0
    for bracket in re.finditer(r"[\[\]{}]", re.sub(r'"(?:[^"\\]|\\.)*"', "", text)):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > most:
            return True
    return False


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    for key, value in pairs:
        if key in seen:
            raise _BadJson(_TWICE, key=brief(key))
        seen[key] = value
    return seen


def _short_int(digits: str) -> int:
    if len(digits) > MAX_DIGITS + 1:
        raise _BadJson(_DIGITS, most=MAX_DIGITS)
    return int(digits)


def _finite(digits: str) -> float:
    value = float(digits)
    if not isfinite(value):
        raise _BadJson(_FINITE, got=digits[:20])
    return value


def _refuse_constant(name: str) -> float:
    raise _BadJson(_FINITE, got=name)


def _excess(layers: Any) -> Message | None:
    """Why these layers are too many or too deep, found without recursion; None when they are neither."""
    if len(layers) > MAX_LAYERS:
        return Message(_LAYERS, most=MAX_LAYERS, got=len(layers))
    blocks = 0
    for objects, (value, depth) in enumerate(_nested(layers), 1):
        blocks += isinstance(value, dict | Block)
        if depth > MAX_DEPTH:
            return Message(_NESTED, most=MAX_DEPTH)
        if blocks > MAX_LAYERS:
            return Message(_LAYERS, most=MAX_LAYERS, got=blocks)
        if objects > MAX_OBJECTS:
            return Message(_OBJECTS, most=MAX_OBJECTS)
    return None


def _nested(layers: Any) -> Iterator[tuple[Any, int]]:
    """Every list, object and block inside `layers`, with the number of layers it is nested in."""
    pending: list[tuple[Any, int]] = [(layers, 0)]
    while pending:
        value, depth = pending.pop()
        yield value, depth
        if isinstance(value, dict):
            inner: Any = value.values()
            depth += 1
        elif isinstance(value, Block):
            inner = value.held().values()
            depth += 1
        else:
            inner = value
        pending.extend((v, depth) for v in inner if isinstance(v, dict | list | tuple | Block))
