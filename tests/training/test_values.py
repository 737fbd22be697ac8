"""What holds for every value there is: the pages' states, the specs, and what workers are asked."""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import pytest

import netlib.questions
import netlib.training
import ui
from netlib.training.value import Value, value_knobs


def values() -> list[type[Value]]:
    """Every kind of value, of every module that may be imported here."""
    for package in (netlib.training, netlib.questions, ui):
        for name in sorted(_modules(package)):
            importlib.import_module(name)
    return sorted(set(_below(Value)), key=lambda kind: (kind.__module__, kind.__qualname__))


def _modules(package: ModuleType) -> Iterator[str]:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield found.name


def _below(kind: type[Value]) -> Iterator[type[Value]]:
    for below in kind.__subclasses__():
        yield below
        yield from _below(below)


@pytest.mark.parametrize("kind", values(), ids=lambda kind: f"{kind.__module__}.{kind.__qualname__}")
def test_a_value_takes_its_own_defaults(kind: type[Value]) -> None:
    """Who states a default must get what who leaves it out gets."""
    for name, knob in value_knobs(kind).items():
        field = kind.model_fields[name]
        if not field.is_required():
            default = field.get_default(call_default_factory=True, validated_data={})
            assert knob.read(default, 2) == default, name
