"""The inception page without a browser: repairs, links that may be hostile, exercises, programs, colours."""

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from netlib import BadLink, trace
from ui.inception.exercises import exercises
from ui.inception.explorer import LAB, programs
from ui.inception.layer import SIDES, network_of
from ui.inception.presets import PRESETS
from ui.inception.repairs import repairs
from ui.inception.state import KEEPING, MOST_CHANNELS, MOST_PADDING, InceptionState
from ui.lab.bench import Bench
from ui.lab.link import unpacked
from ui.tokens import THEMES, Theme, colour

CASES = Path(__file__).resolve().parent.parent / "cases" / "seed_cases.json"


def paddings() -> list[dict[str, Any]]:
    return [
        {"pad3": three, "pad5": five, "pad_pool": pool}
        for three in range(MOST_PADDING["pad3"] + 1)
        for five in range(MOST_PADDING["pad5"] + 1)
        for pool in range(MOST_PADDING["pad_pool"] + 1)
    ]


@pytest.mark.parametrize("form", ["paper", "lecture"])
@pytest.mark.parametrize("size", [1, 3, 28])
def test_every_repair_that_is_offered_works_and_every_fault_has_one(form: Any, size: int) -> None:
    for padding in paddings():
        state = InceptionState(form=form, size=size, **padding)
        offered = repairs(state)
        assert bool(offered) == (not trace(network_of(state)).ok)
        for repair in offered:
            mended = InceptionState.model_validate(repair["state"])
            assert all(trace(network_of(mended, side)).ok for side in SIDES)
            assert mended != state


def test_a_single_wrong_padding_is_named_in_its_repair() -> None:
    [repair] = repairs(InceptionState(pad5=0))
    assert repair["label"] == "Padding 2 in the 5×5 branch keeps 28 × 28"
    [repair] = repairs(InceptionState(pad3=0, pad5=0))
    assert repair["state"] == InceptionState().with_(**KEEPING).model_dump()


@pytest.mark.parametrize(
    "state",
    [
        {"channels": 0},
        {"channels": MOST_CHANNELS + 1},
        {"channels": 10**400},
        {"channels": "192"},
        {"channels": 192.0},
        {"channels": True},
        {"size": 257},
        {"pad3": 4},
        {"pad5": -1},
        {"pad_pool": 2},
        {"form": "resnet"},
        {"form": ["paper"]},
        {"match": 1},
        {"reduces3": "yes"},
        {"red3": None},
        {"nothing": 1},
        {"__proto__": {}},
        [],
        "3a",
    ],
)
def test_a_state_that_no_control_would_make_is_refused_in_a_sentence(state: Any) -> None:
    for part in ("now", "kept"):
        with pytest.raises((ValidationError, BadLink)) as refused:
            LAB.read({part: state})
        assert "https://" not in str(refused.value)


def test_the_largest_state_is_counted_in_whole_numbers() -> None:
    widths = dict.fromkeys(("channels", "out1", "red3", "out3", "red5", "out5", "proj"), MOST_CHANNELS)
    most = InceptionState(size=256, **widths)  # type: ignore[arg-type] # all of them are whole numbers
    for side in SIDES:
        macs = trace(network_of(most, side)).macs
        assert macs < 2**53, "JavaScript would round it"


@pytest.mark.parametrize("chip", PRESETS, ids=lambda chip: chip.label)
def test_a_state_survives_its_link(chip: Any) -> None:
    bench = Bench(InceptionState().with_(**chip.changes, match=True), InceptionState())
    link = LAB.link(bench)
    assert link is not None
    assert LAB.read(unpacked(link)) == bench


def cases() -> dict[str, Any]:
    held = json.loads(CASES.read_text(encoding="utf-8"))
    return {case["id"]: case for case in held["cases"]}


def answers() -> dict[str, list[tuple[int, ...]]]:
    return {task.name: [question.answer for question in task.questions] for task in exercises()}


def test_the_answers_are_those_of_the_cases() -> None:
    known, found = cases(), answers()
    direct, thin = known["inception.lecture_ops_direct"], known["inception.lecture_ops_1x1"]
    assert found["slide"] == [(direct["macs_total"],), (thin["macs_total"],)]
    module, naive = known["googlenet.inception_3a"], known["googlenet.inception_3a.naive"]
    outputs = [output_channels(case) for case in (module, naive)]
    assert found["module-3a"] == [*outputs, (module["params_total"],), (naive["params_total"],)]
    assert found["widths"][:2] == [outputs[1], output_channels(known["googlenet.inception_3b.naive"])]


def output_channels(case: dict[str, Any]) -> tuple[int]:
    """Four branches: the channels of the last layer of each, and for a bare pool those of the input."""
    last: dict[str, int] = {}
    for layer in case["layers"]:
        last[layer["name"].split(".")[0]] = layer["output_shape"][1]
    return (sum(last.values()),)


def test_the_slides_ratio_is_said() -> None:
    [slide] = [task for task in exercises() if task.name == "slide"]
    [[before], [after]] = [question.answer for question in slide.questions]
    assert f"{before / after:.2f} times fewer" in slide.because


def test_the_classifier_sees_what_the_lecture_flattens() -> None:
    assert answers()["flat"] == [(88, 4, 4), (88 * 4 * 4,)]


@pytest.mark.parametrize("chip", ["3a", "InceptionA(10)"])
def test_both_programs_run_with_torch_alone(chip: str, tmp_path: Path) -> None:
    [preset] = [one for one in PRESETS if one.label == chip]
    state = InceptionState().with_(**preset.changes)
    found = programs(state)
    assert found is not None
    for side, text in found.items():
        file = tmp_path / f"{side}.py"
        file.write_text(
            f"{text}\n\nprint(sum(p.numel() for p in make_model().parameters()))\n", encoding="utf-8"
        )
        ran = subprocess.run(
            [sys.executable, str(file)], capture_output=True, text=True, timeout=120, check=True
        )
        wanted = trace(network_of(state, "with" if side == "with" else "without")).params
        assert ran.stdout.split()[-1] == str(wanted)


def test_there_is_no_program_behind_a_fault() -> None:
    assert programs(InceptionState(pad3=0)) is None


def oklab(hexadecimal: str) -> tuple[float, float, float]:
    """A colour where distance is about how different it looks (Ottosson 2020)."""
    channels = [int(hexadecimal[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


@pytest.mark.parametrize("theme", THEMES)
def test_branches_look_like_no_meaning_beside_them_and_unlike_each_other(theme: Theme) -> None:
    lanes = [oklab(colour(f"lane-{index}", theme)) for index in (1, 2, 3, 4)]
    meanings = [oklab(colour(name, theme)) for name in ("input", "weight", "output")]
    for index, lane in enumerate(lanes):
        assert all(math.dist(lane, meaning) > 0.11 for meaning in meanings), index + 1
        assert all(math.dist(lane, other) > 0.12 for other in lanes[:index]), index + 1


@pytest.mark.parametrize("theme", THEMES)
def test_branches_and_the_words_on_them_can_be_read(theme: Theme) -> None:
    from tests.ui.test_tokens import contrast

    for index in (1, 2, 3, 4):
        lane = colour(f"lane-{index}", theme)
        assert contrast(lane, colour("panel", theme)) >= 4.5  # the words on a layer have the panel's colour
        assert contrast(lane, colour("page", theme)) >= 3
