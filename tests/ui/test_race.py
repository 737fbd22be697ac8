"""Two runs beside each other: what is planned, what a browser and an address may ask for."""

from typing import Any

import pytest

from netlib.presets import preset
from netlib.training.data.fit import fit
from ui.inception.layer import SIDES, trained_of
from ui.inception.presets import PRESETS
from ui.inception.state import InceptionState
from ui.race.contest import Entrant, is_about, is_going, named, plan, proposal, written
from ui.race.section import race_data


def entrants(state: InceptionState) -> tuple[Entrant, ...]:
    return tuple(Entrant(side, trained_of(state, side)) for side in SIDES)


@pytest.mark.parametrize(
    "chip", [one for one in PRESETS if one.label != "broken padding"], ids=lambda one: one.label
)
def test_both_get_the_same_data_seed_and_steps(chip: Any) -> None:
    planned = plan(entrants(InceptionState().with_(**chip.changes)))
    assert planned is not None
    first, second = planned.specs
    assert first.with_(network=second.network) == second
    assert first.limits.steps == planned.steps
    assert all(fit(spec.network, spec.data).ok for spec in planned.specs)


def test_a_broken_module_cannot_race() -> None:
    broken = entrants(InceptionState(pad5=0))
    assert plan(broken) is None
    data = race_data(broken, (), "Mend it.")
    assert (data["can"], data["plan"], data["lines"]) == (False, "Mend it.", [])


def test_a_network_with_another_output_cannot_race() -> None:
    assert plan([Entrant("a", preset("googlenet"))]) is None


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        ".",
        "abc",
        "0123456789.",
        "0123456789.0123456789.0123456789",
        "../../etc/pw",
        7,
        ["0123456789"],
    ],
)
def test_an_address_that_names_no_runs_names_none(text: object) -> None:
    assert named(text) == ()


def test_runs_survive_the_address() -> None:
    runs = ("0123456789", "abcdef0123")
    assert named(written(runs)) == runs


@pytest.mark.parametrize("value", [None, "start", {"do": "delete"}, {"do": ["start"]}, {"do": None}, []])
def test_what_the_picture_would_never_ask_for_is_ignored(value: object) -> None:
    assert proposal(value) is None


def test_the_picture_may_start_and_stop() -> None:
    assert [proposal({"do": name, "time": 1}) for name in ("start", "stop")] == ["start", "stop"]


def test_nothing_goes_where_nothing_was_started() -> None:
    assert not is_going(())
    assert not is_about((), entrants(InceptionState()))
