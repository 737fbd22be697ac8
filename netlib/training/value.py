"""Strict frozen values whose refusals are sentences: field, rule, what came.

A value that arrives as JSON (history, link, command line) is foreign input: every number has bounds, nothing
is converted, and an unknown name is refused.
"""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ModelWrapValidatorHandler, ValidationError, model_validator
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from netlib.words import Message, words

RULES: dict[str, str] = {
    "least": words("{field} must be at least {bound}, got {got}", "{field} 至少为 {bound},收到 {got}"),
    "above": words("{field} must be more than {bound}, got {got}", "{field} 必须大于 {bound},收到 {got}"),
    "most": words("{field} must be at most {bound}, got {got}", "{field} 最多为 {bound},收到 {got}"),
    "below": words("{field} must be less than {bound}, got {got}", "{field} 必须小于 {bound},收到 {got}"),
    "whole": words("{field} must be a whole number, got {got}", "{field} 必须是整数,收到 {got}"),
    "number": words("{field} must be a number, got {got}", "{field} 必须是数,收到 {got}"),
    "switch": words("{field} must be true or false, got {got}", "{field} 必须是 true 或 false,收到 {got}"),
    "text": words("{field} must be a text, got {got}", "{field} 必须是文本,收到 {got}"),
    "short": words(
        "{field} must have at least {bound} characters, got {got}", "{field} 至少 {bound} 个字符,收到 {got}"
    ),
    "long": words(
        "{field} must have at most {bound} characters, got {got}", "{field} 最多 {bound} 个字符,收到 {got}"
    ),
    "choice": words(
        "{field} must be one of {options}, got {got}", "{field} 必须是 {options} 之一,收到 {got}"
    ),
    "absent": words("{field} is missing", "缺少 {field}"),
    "unknown": words("there is no field {field} here", "这里没有字段 {field}"),
    "fields": words(
        "{field} must be a set of named fields, got {got}", "{field} 必须是一组带名字的字段,收到 {got}"
    ),
    "device": words(
        "{field} must be auto, cpu, mps, cuda or cuda:0 to cuda:99, got {got}",
        "{field} 必须是 auto、cpu、mps、cuda 或 cuda:0 到 cuda:99,收到 {got}",
    ),
    "json": words("the text is not JSON: {got}", "这段文本不是 JSON:{got}"),
}

WHOLE = words("the value", "这个值")

_KIND_OF: dict[str, tuple[str, str]] = {  # pydantic's name of an error -> ours, and where it keeps the bound
    "greater_than_equal": ("least", "ge"),
    "greater_than": ("above", "gt"),
    "less_than_equal": ("most", "le"),
    "less_than": ("below", "lt"),
    "int_type": ("whole", ""),
    "int_from_float": ("whole", ""),
    "float_type": ("number", ""),
    "finite_number": ("number", ""),
    "bool_type": ("switch", ""),
    "string_type": ("text", ""),
    "string_unicode": ("text", ""),
    "string_too_short": ("short", "min_length"),
    "string_too_long": ("long", "max_length"),
    "literal_error": ("choice", "expected"),
    "missing": ("absent", ""),
    "string_pattern_mismatch": ("device", ""),
    "extra_forbidden": ("unknown", ""),
    "model_type": ("fields", ""),
    "model_attributes_type": ("fields", ""),
    "dict_type": ("fields", ""),
}


class Value(BaseModel):
    """A frozen value with bounds; what it refuses, it refuses in a sentence."""

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, allow_inf_nan=False, hide_input_in_errors=True
    )

    @model_validator(mode="wrap")
    @classmethod
    def _refuse_in_words(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
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


def sentences(error: ValidationError) -> tuple[Message, ...]:
    """What a refusal says to a person, one sentence for each field, in a form that can be translated."""
    said = []
    for line in error.errors(include_url=False):
        context: dict[str, Any] = line.get("ctx", {})
        template = RULES.get(line["type"])
        said.append(
            Message(template, **context)
            if template
            else Message(line["msg"].replace("{", "{{").replace("}", "}}"))
        )
    return tuple(said)


def _reworded(line: ErrorDetails) -> InitErrorDetails:
    loc, got, context = line["loc"], line["input"], dict(line.get("ctx", {}))
    if line["type"] not in _KIND_OF:  # a nested value has put it in words already
        return _said(line["type"], line["msg"], context, loc, got)
    kind, bound = _KIND_OF[line["type"]]
    values: dict[str, Any] = {"field": ".".join(map(str, loc)) or WHOLE, "got": _shown(got)}
    if kind == "choice":
        values["options"] = context["expected"].replace("'", "").replace(" or ", ", ")
    elif bound:
        values["bound"] = context[bound]
    if kind in ("short", "long"):
        values["got"] = len(got)
    return _said(kind, "", values, loc, got)


def _said(
    kind: str, text: str, values: dict[str, Any], loc: tuple[int | str, ...], got: Any
) -> InitErrorDetails:
    template = RULES.get(kind) or text.replace("{", "{{").replace("}", "}}")
    error = PydanticCustomError(kind, template, values)  # type: ignore[arg-type]  # wants literal text; this is ours
    return InitErrorDetails(type=error, loc=loc, input=got)


def _shown(value: Any) -> str:
    text = repr(value) if isinstance(value, str | int | float | bool | type(None)) else type(value).__name__
    return text if len(text) <= 40 else f"{text[:39]}…"
