"""Strict frozen values whose refusals are sentences: field, rule, what came.

A value that arrives as JSON (history, link, command line) is foreign input: every number has bounds, nothing
is converted, and an unknown name is refused. Fields are declared as a block's are, through a knob, or with
pydantic's own bounds.
"""

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ModelWrapValidatorHandler, ValidationError, model_validator
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from netlib.block import refusal
from netlib.knob import BadValue, Knob, brief, knobs
from netlib.words import Message, words

_ABSENT = words("{field} is missing", "缺少 {field}")
_UNKNOWN = words(
    "there is no field {field} here; it takes {fields}", "这里没有字段 {field}；可用字段为 {fields}"
)
_CLOSE = words(
    "there is no field {field} here; did you mean {close}?", "这里没有字段 {field}；是否想写 {close}？"
)
_FIELDS = words(
    "this must be an object with named fields, got {got}", "这里必须是带有命名字段的对象，收到 {got}"
)
_TEXT = words(
    "{field} must be a text of {least} to {most} characters, got {got}",
    "{field} 必须是 {least} 到 {most} 个字符的文本，收到 {got}",
)
_OTHER = words("{field} cannot be read, got {got}", "无法读取 {field}，收到 {got}")

_RULES: dict[
    str, tuple[str, str]
] = {  # pydantic's name of an error -> our sentence, and where it keeps the bound
    "greater_than_equal": (
        words("{field} must be at least {bound}, got {got}", "{field} 至少为 {bound}，收到 {got}"),
        "ge",
    ),
    "greater_than": (
        words("{field} must be more than {bound}, got {got}", "{field} 必须大于 {bound}，收到 {got}"),
        "gt",
    ),
    "less_than_equal": (
        words("{field} must be at most {bound}, got {got}", "{field} 最多为 {bound}，收到 {got}"),
        "le",
    ),
    "less_than": (
        words("{field} must be less than {bound}, got {got}", "{field} 必须小于 {bound}，收到 {got}"),
        "lt",
    ),
    "int_type": (words("{field} must be a whole number, got {got}", "{field} 必须是整数，收到 {got}"), ""),
    "float_type": (words("{field} must be a number, got {got}", "{field} 必须是数字，收到 {got}"), ""),
    "finite_number": (
        words("{field} must be a finite number, got {got}", "{field} 必须是有限的数，收到 {got}"),
        "",
    ),
    "bool_type": (
        words("{field} must be true or false, got {got}", "{field} 必须是 true 或 false，收到 {got}"),
        "",
    ),
    "string_type": (words("{field} must be a text, got {got}", "{field} 必须是文本，收到 {got}"), ""),
    "literal_error": (
        words("{field} must be {bound}, got {got}", "{field} 必须是 {bound}，收到 {got}"),
        "expected",
    ),
    "missing": (_ABSENT, ""),
    "extra_forbidden": (words("there is no field {field} here", "这里没有字段 {field}"), ""),
    "model_type": (_FIELDS, ""),
}


@dataclass(frozen=True, kw_only=True)
class Text(Knob):
    """``str`` of `least` to `most` printable characters."""

    least: int = 1
    most: int = 80

    def _read(self, value: Any, rank: int) -> str:
        if not isinstance(value, str) or not self.least <= len(value) <= self.most or not value.isprintable():
            raise self.refuse(_TEXT, value, least=self.least, most=self.most)
        return value


class Value(BaseModel):
    """A frozen value with bounds; what it refuses, it refuses in a sentence."""

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, allow_inf_nan=False, hide_input_in_errors=True
    )

    @model_validator(mode="wrap")
    @classmethod
    def _refuse_in_words(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if isinstance(data, cls):
            return data
        lines: list[InitErrorDetails] = []
        if isinstance(data, dict):
            data = _read(cls, data, lines)
        if not lines:
            try:
                return handler(data)
            except ValidationError as error:
                lines = [_reworded(line) for line in error.errors(include_url=False)]
        raise ValidationError.from_exception_data(cls.__name__, lines) from None

    def with_(self, **changes: Any) -> Self:
        """The same value with some fields changed, checked as if it were new.

        Raises:
            ValidationError: when a changed field is out of its bounds; its text says which, in words.
        """
        held = {name: getattr(self, name) for name in self.model_fields_set}
        return type(self).model_validate({**held, **changes})


@cache
def value_knobs(cls: type[Value]) -> dict[str, Knob]:
    """The knobs of a value by field name: label, help and bounds, for a page's widgets."""
    return {knob.name: knob for knob in knobs(cls)}


def _read(cls: type[Value], data: dict[Any, Any], lines: list[InitErrorDetails]) -> dict[Any, Any]:
    """The data with every knob's field read; refusals are appended to `lines`."""
    values = dict(data)
    for name, value in data.items():
        knob = value_knobs(cls).get(name)
        if name not in cls.model_fields:
            lines.append(_line(_unknown(cls, name), (str(name)[:40],), value))
        elif knob:
            try:
                values[name] = knob.read(value, 1)
            except BadValue as error:
                lines.append(_line(error.message, (name,), value))
    return values


def _unknown(cls: type[Value], name: object) -> Message:
    close = get_close_matches(str(name)[:80], cls.model_fields, 1)
    if close:
        return Message(_CLOSE, field=brief(name), close=close[0])
    return Message(_UNKNOWN, field=brief(name), fields=", ".join(cls.model_fields))


def _line(message: Message, loc: tuple[int | str, ...], got: Any) -> InitErrorDetails:
    return InitErrorDetails(type=refusal(message), loc=loc, input=got)


def _reworded(line: ErrorDetails) -> InitErrorDetails:
    """A refusal of pydantic's, or of a value inside this one, in our words."""
    context = line.get("ctx", {})
    if "sentence" in context:
        return InitErrorDetails(
            type=PydanticCustomError(line["type"], "{sentence}", context),
            loc=line["loc"],
            input=line["input"],
        )
    template, bound = _RULES.get(line["type"], (_OTHER, ""))
    values: dict[str, Any] = {"field": ".".join(map(str, line["loc"])), "got": brief(line["input"])}
    if bound:
        values["bound"] = context[bound]
    return _line(Message(template, **values), line["loc"], line["input"])
