"""The settings of the next run: a widget for each knob, a view on the bench that writes back what a person changes."""

import itertools
from collections.abc import Callable
from typing import Any

import streamlit as st

from netlib.knob import Choice, Real, Switch, Whole
from netlib.training import DataSpec, Limits, OptimiserSpec, RunSpec, ScheduleSpec
from netlib.training.machine import Machine
from netlib.training.value import Text, Value, value_knobs
from netlib.training.workers.pool import Pool
from ui.numbers import exact
from ui.training import networks, own_data
from ui.training.answers import Answers
from ui.training.bench import NET, Bench, load, save
from ui.training.rates import usual, written
from ui.words import language, tr

SECTIONS: dict[str, type[Value]] = {
    "": RunSpec,
    "data": DataSpec,
    "optimiser": OptimiserSpec,
    "schedule": ScheduleSpec,
    "limits": Limits,
}
BATCHES, EPOCHS, WORD_EPOCHS = (16, 256), (5, 30), (10, 50)
"""Suggested ranges: batches that give a steady gradient without wasting samples, epochs in which small networks settle."""

MORE = ("schedule.name", "optimiser.weight_decay", "clip", "limits.patience", "limits.target_accuracy")
OF_SCHEDULE = {
    "step": ("every", "gamma"),
    "cosine": ("final",),
    "one-cycle": ("warmup",),
    "warm-up": ("warmup",),
}


def form(bench: Bench, machine: Machine) -> None:
    """Draws the settings below the network's."""
    optimiser = bench.spec.optimiser.name
    words = bench.spec.data.is_word
    _pair(
        lambda: field(bench, "optimiser.name", change=_optimiser),
        (lambda: field(bench, "optimiser.momentum")) if optimiser in ("SGD", "RMSprop") else None,
    )
    field(bench, "optimiser.learning_rate", _usual_rate(bench))
    small: list[Callable[[], None]] = [
        lambda: field(bench, "limits.epochs", _range(WORD_EPOCHS if words else EPOCHS)),
        lambda: field(bench, "batch", _range(BATCHES)),
        lambda: field(bench, "seed"),
        lambda: _device(bench, machine),
    ]
    if words:  # there is one word, which is every batch
        del small[1]
    for first, second in itertools.zip_longest(small[::2], small[1::2]):
        _pair(first, second)
    with st.popover(tr("More settings"), width="stretch"):
        for place in MORE:
            field(bench, place)
            if place == "schedule.name":
                for name in OF_SCHEDULE.get(bench.spec.schedule.name, ()):
                    field(bench, f"schedule.{name}")
        if words:
            field(bench, "loss")


def source(bench: Bench, pool: Pool, answers: Answers) -> None:
    """Draws the choice of the data and of the network, anew in another language: a browser keeps the words of a choice."""
    names = own_data.choices(bench.spec.data.name)
    st.selectbox(
        tr("Data"),
        names,
        names.index(bench.spec.data.name),
        format_func=own_data.called,
        key=_key(bench, f"data.{language()}"),
        help=own_data.explained(bench.spec.data) or None,
        on_change=_data,
        args=(_key(bench, f"data.{language()}"),),
    )
    own_data.offer(pool, answers)
    if bench.spec.data.is_word:
        _words(bench)
    found = networks.options(bench, NET in st.session_state)
    st.selectbox(
        tr("Network"),
        found,
        found.index(bench.source),
        format_func=networks.label,
        key=_key(bench, f"network.{language()}"),
        on_change=_network,
        args=(_key(bench, f"network.{language()}"),),
    )


def _pair(first: Callable[[], None], second: Callable[[], None] | None) -> None:
    left, right = st.columns(2, gap="small")
    with left:
        first()
    if second is not None:
        with right:
            second()


def _usual_rate(bench: Bench) -> str:
    """The learning rates that are worth trying first."""
    ends = usual(bench.spec.optimiser.name, bench.spec.data.name)
    return tr("usually {low} to {high}", low=written(ends[0]), high=written(ends[1])) if ends else ""


def _key(bench: Bench, place: str) -> str:
    return f"training.{place}@{bench.revision}"


def _range(ends: tuple[int, int]) -> str:
    return f"{exact(ends[0])}–{exact(ends[1])}"


def field(bench: Bench, place: str, hint: str = "", change: Callable[[str, str], None] | None = None) -> None:
    """Draws the widget of a setting, by the kind of its knob; `hint` stands beside its label."""
    section, _, name = place.rpartition(".")
    knob, value, key = value_knobs(SECTIONS[section])[name], bench.value(place), _key(bench, place)
    label = f"{tr(knob.label)} · {hint}" if hint else tr(knob.label)
    react: dict[str, Any] = {"key": key, "on_change": change or changed, "args": (place, key)}
    told: dict[str, Any] = {"help": tr(knob.help)}
    match knob:
        case Choice():
            st.selectbox(label, knob.options, knob.options.index(value), **told, **react)
        case Switch():
            st.toggle(label, value, **told, **react)
        case Whole():
            # Streamlit's own bounds would keep what is out of them from us, and the value before would be trained.
            st.number_input(label, value=value, step=1, placeholder=tr("none"), **told, **react)
        case Real():
            _real(label, knob, value, told, react)
        case Text():
            st.text_input(label, value, max_chars=knob.most, **told, **react)


def _real(label: str, knob: Real, value: float | None, told: dict[str, Any], react: dict[str, Any]) -> None:
    step = min(knob.step, 10.0 ** _power(value)) if value else knob.step
    st.number_input(label, value=value, step=step, format="%g", placeholder=tr("none"), **told, **react)


def _power(value: float) -> int:
    """The power of ten of a number's first digit: -2 for 0.05."""
    return int(f"{value:e}".split("e")[1])


def changed(place: str, key: str) -> None:
    """Takes what a person has changed in a widget; the widget shows it already."""
    _save(key, lambda bench: bench.set(place, st.session_state[key]))


def _optimiser(_: str, key: str) -> None:
    """Another optimiser comes with the learning rate and momentum that people start from."""

    def change(bench: Bench) -> Bench:
        chosen = OptimiserSpec.usual(st.session_state[key])
        kept = chosen.with_(weight_decay=bench.spec.optimiser.weight_decay)
        return bench.renewed(spec=bench.spec.with_(optimiser=kept))

    _save(key, change)


def _data(key: str) -> None:
    _save(key, lambda bench: bench.with_data(st.session_state[key]))


def _network(key: str) -> None:
    _save(key, lambda bench: bench.with_network(st.session_state[key], st.session_state.get(NET)))


def _words(bench: Bench) -> None:
    keys = [_key(bench, name) for name in ("source", "target")]
    knobs = value_knobs(DataSpec)
    for column, name, key in zip(st.columns(2, gap="small"), ("source", "target"), keys, strict=True):
        knob = knobs[name]
        column.text_input(
            tr(knob.label),
            getattr(bench.spec.data, name),
            help=tr(knob.help),
            key=key,
            on_change=_spell,
            args=(keys, name),
        )
    st.button(
        tr("Teach the next letter"),
        key=_key(bench, "next"),
        help=tr("The target is the source, one letter on; after the last comes the first."),
        on_click=_next_letter,
        args=(keys,),
        width="stretch",
    )


def _spell(keys: list[str], changed: str) -> None:
    """Takes a word; a target that nobody has typed goes along with a source of another length."""
    source, target = (str(st.session_state[key]).strip() for key in keys)

    def change(bench: Bench) -> Bench:
        given = (DataSpec().target, DataSpec.next_letters(bench.spec.data.source))
        if changed == "source" and len(source) != len(target) and target in given:
            return bench.with_words(source, DataSpec.next_letters(source))
        return bench.with_words(source, target)

    _save(keys[0], change)


def _next_letter(keys: list[str]) -> None:
    source = str(st.session_state[keys[0]]).strip()
    _save(keys[0], lambda bench: bench.with_words(source, DataSpec.next_letters(source)))


def _device(bench: Bench, machine: Machine) -> None:
    """The devices that a worker has found, and the one in the settings even where there is none of it."""
    found = list(dict.fromkeys([*machine.devices, bench.spec.device]))
    if len(machine.devices) > 1:
        found = list(dict.fromkeys(["auto", *found]))
    key = _key(bench, "device")
    st.selectbox(
        tr("Device"),
        found,
        found.index(bench.spec.device),
        format_func=device_name,
        key=key,
        on_change=changed,
        args=("device", key),
    )


def device_name(device: str) -> str:
    """What people call a device."""
    return tr("best") if device == "auto" else device.upper()


def _save(key: str, change: Callable[[Bench], Bench]) -> None:
    """Changes the bench that a widget belongs to.

    What a browser sends while a change is on its way still holds the widgets from before it, which Streamlit then takes
    for news: they would put back what the change has replaced.
    """
    bench = load(st.session_state)
    if bench is not None and key.endswith(f"@{bench.revision}"):
        save(st.session_state, change(bench))
