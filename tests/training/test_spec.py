"""The run as a value: bounds, words, JSON, and the rules that settle it."""

import subprocess
import sys

import pytest
from pydantic import ValidationError

from netlib import Message
from netlib.training import Limits, Machine, OptimiserSpec, RunSpec, ScheduleSpec, sentences, settle
from netlib.training.optimiser_spec import ScheduleName
from netlib.training.value import value_knobs
from tests.training.runs import CELL, EMBEDDING, SMALL, image_net, spec_of

WIDE = image_net({"kind": "Conv2d", "out_channels": 64, "kernel_size": 3, "padding": 1}, {"kind": "Flatten"})


def refusal(**fields: object) -> list[Message]:
    with pytest.raises(ValidationError) as caught:
        RunSpec.model_validate({"network": SMALL, **fields})
    said = sentences(caught.value)
    assert all(str(message) in str(caught.value) for message in said)
    return said


@pytest.mark.parametrize(
    ("fields", "english", "chinese"),
    [
        ({"batch": 0}, "batch must be at least 1, got 0", "batch 至少为 1"),
        ({"batch": True}, "batch must be a whole number, got true", "整数"),
        ({"batch": 64.0}, "whole number", "整数"),
        ({"seed": "3"}, 'seed must be a whole number, got "3"', "整数"),
        (
            {"optimiser": {"learning_rate": -1}},
            "learning_rate must be a number between",
            "learning_rate 必须是",
        ),
        ({"optimiser": {"learning_rate": float("nan")}}, "got nan", "数字"),
        ({"optimiser": {"name": "Adagrad"}}, "name must be one of SGD, Adam, AdamW, RMSprop", "之一"),
        ({"optimiser": {"nesterov": True, "momentum": 0}}, "momentum above 0", "动量大于 0"),
        ({"optimizer": {}}, 'no field "optimizer" here; did you mean optimiser?', "是否想写 optimiser"),
        ({"limits": {"epochs": 0}}, "epochs must be at least 1", "epochs 至少为 1"),
        ({"limits": []}, "named fields", "命名字段"),
        ({"data": {"name": ""}}, "1 to 40 characters", "40"),
        ({"data": {"source": "abc", "target": "ab"}}, "one length, got 3 and 2 letters", "长度必须相同"),
        ({"device": "tpu"}, "device must be auto, cpu, mps, cuda", "device 必须是"),
        ({"loss": "median"}, "one of mean, sum", "之一"),
        ({"layout": "nchw"}, "layout must be", "layout 必须是"),
    ],
)
def test_refusals_say_field_rule_and_what_came(fields: dict[str, object], english: str, chinese: str) -> None:
    (message,) = refusal(**fields)
    assert english in message
    assert chinese in message.say("zh")
    assert "validation" not in message
    assert "Input should" not in message


def test_several_faults_are_said_at_once() -> None:
    assert len(refusal(batch=0, seed=-1, device="x")) == 3


def test_a_network_is_refused_in_its_own_words() -> None:
    with pytest.raises(ValidationError, match="unknown kind of layer"):
        RunSpec.model_validate({"network": {"input": {"dims": [3]}, "layers": [{"kind": "Nothing"}]}})


@pytest.mark.parametrize("text", ["{", "[]", '"x"', "{}", "null", "[" * 100_000, '{"network": 3}'])
def test_text_that_is_no_spec_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        RunSpec.from_json(text)
    assert sentences(caught.value)[0].say("zh")


@pytest.mark.parametrize(
    "spec",
    [
        spec_of(SMALL),
        spec_of(EMBEDDING, data={"name": "hello", "source": "你好", "target": "好你"}, loss="sum", clip=1.0),
        spec_of(CELL, limits={"epochs": None, "seconds": 2.5}, schedule={"name": "cosine"}, device="cuda:1"),
        settle(spec_of(SMALL, optimiser={"name": "AdamW", "learning_rate": 1e-4}), Machine(cores=8, slots=2)),
    ],
)
def test_json_round_trip(spec: RunSpec) -> None:
    text = spec.to_json()
    assert RunSpec.from_json(text) == spec
    assert RunSpec.from_json(text).to_json() == text
    assert "\n" not in text


def test_defaults_are_those_of_the_command_line() -> None:
    spec = RunSpec.model_validate({"network": SMALL})
    optimiser, limits = spec.optimiser, spec.limits
    assert (optimiser.name, optimiser.learning_rate, optimiser.momentum) == ("SGD", 0.05, 0.9)
    assert (spec.batch, limits.epochs, spec.seed, spec.data.name) == (64, 10, 0, "digits")


def test_values_are_frozen_hashable_and_changed_by_checked_copies() -> None:
    spec = spec_of(SMALL)
    with pytest.raises(ValidationError):
        spec.batch = 3  # type: ignore[misc]  # that it cannot be done is what is tested
    assert hash(spec) == hash(spec_of(SMALL))
    assert spec.with_(batch=3).batch == 3
    with pytest.raises(ValidationError, match="at least 1"):
        spec.with_(batch=0)


@pytest.mark.parametrize("cls", [RunSpec, OptimiserSpec, ScheduleSpec, Limits])
def test_every_knob_has_a_label_and_a_help_that_is_a_sentence(cls: type[RunSpec]) -> None:
    for knob in value_knobs(cls).values():
        assert knob.label, knob.name
        assert knob.help.endswith("."), knob.name
        assert Message(knob.label).say("zh")
        assert Message(knob.help).say("zh").endswith("。"), knob.name


@pytest.mark.parametrize("name", ["SGD", "Adam", "AdamW", "RMSprop"])
def test_usual_settings_of_an_optimiser(name: str) -> None:
    spec = OptimiserSpec.usual(name)  # type: ignore[arg-type]  # one of the four names
    assert spec.momentum == (0.9 if name == "SGD" else 0.0)
    assert spec.learning_rate == (0.05 if name == "SGD" else 0.001)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("constant", [1, 1, 1, 1, 1]),
        ("step", [1, 1, 0.1, 0.01, 0.001]),
        ("cosine", [1, 0.855, 0.505, 0.155, 0.01]),
        ("warm-up", [0.5, 1, 1, 1, 1]),
        ("one-cycle", [0.04, 0.75, 0.505, 0.13, 0.01]),
    ],
)
def test_schedules_are_functions_of_step_and_total(name: ScheduleName, expected: list[float]) -> None:
    schedule = ScheduleSpec(name=name, warmup=0.4 if name == "warm-up" else 0.25, every=0.3)
    found = [schedule.factor(step, 5) for step in range(5)]
    if name == "one-cycle":
        assert found[0] == pytest.approx(0.04)
        assert max(found) == found[1] == pytest.approx(1.0)
        assert found[-1] == pytest.approx(0.01)
    else:
        assert found == pytest.approx(expected, abs=1e-3)
    assert schedule.factor(10**9, 5) == found[-1]


def test_caps_of_a_server_bound_the_limits() -> None:
    caps = Limits(epochs=None, steps=200_000, seconds=300.0)
    assert Limits().within(caps) == Limits(epochs=10, steps=200_000, seconds=300.0)
    assert Limits(seconds=5.0, steps=10).within(caps) == Limits(seconds=5.0, steps=10)


@pytest.mark.parametrize(
    ("batch", "machine", "threads"),
    [
        (1, Machine(cores=16, slots=2), 1),  # under 20 MFLOP a step
        (2048, Machine(), 1),
        (2048, Machine(cores=2, slots=1), 1),  # one core stays with the page
        (2048, Machine(cores=8, slots=4), 2),
        (2048, Machine(cores=16, slots=2), 2),
        (65_536, Machine(cores=16, slots=2), 8),  # over 1 GFLOP a step
    ],
)
def test_threads_follow_the_work_of_a_step(batch: int, machine: Machine, threads: int) -> None:
    assert settle(spec_of(SMALL, batch=batch), machine).threads == threads


def test_settling_is_idempotent_and_keeps_what_was_stated() -> None:
    big, small = Machine(cores=64, slots=2, devices=("cpu", "cuda")), Machine()
    once = settle(spec_of(SMALL, batch=65_536), big)
    assert settle(once, small) == once
    assert settle(spec_of(SMALL, threads=3, layout="contiguous", fused=False), big).threads == 3
    assert settle(spec_of(SMALL, device="auto"), big).device == "cuda"
    assert settle(spec_of(SMALL, device="auto"), small).device == "cpu"


def test_layout_and_fused_follow_the_network_and_the_optimiser() -> None:
    assert settle(spec_of(SMALL)).layout == "channels_last"
    assert settle(spec_of(CELL)).layout == "contiguous"
    assert settle(spec_of(SMALL, device="mps")).layout == "contiguous"
    assert settle(spec_of(SMALL)).fused is True
    assert settle(spec_of(SMALL, optimiser={"name": "RMSprop"})).fused is False


def test_half_precision_only_for_heavy_networks_on_a_gpu_that_has_it_and_not_when_exact() -> None:
    machine = Machine(devices=("cpu", "cuda"), bfloat16=True)
    heavy = image_net(*[{"kind": "Conv2d", "out_channels": 64, "kernel_size": 3, "padding": 1}] * 24, side=16)
    assert settle(spec_of(heavy, device="cuda", exact=False), machine).precision == "bfloat16"
    assert settle(spec_of(heavy, device="cuda"), machine).precision == "float32"
    assert settle(spec_of(SMALL, device="cuda", exact=False), machine).precision == "float32"
    assert settle(spec_of(heavy, exact=False), machine).precision == "float32"


def test_a_machine_travels_as_json() -> None:
    machine = Machine(cores=4, slots=2, devices=("cpu", "mps"), memory=10**10)
    assert Machine.model_validate(machine.model_dump(mode="json")) == machine


def test_specs_and_fit_import_no_torch_and_no_app() -> None:
    code = (
        "import sys, netlib.training, netlib.training.spec, netlib.training.data.fit, netlib.training.run.estimate, "
        "netlib.training.data.datasets, netlib.training.run.protocol, netlib.training.cli\n"
        "from netlib.training.data.fit import fit\n"
        "from netlib.training import DataSpec, RunSpec, settle\n"
        "from netlib.training.run.estimate import estimate\n"
        "from netlib.presets import preset\n"
        "net = preset('net')\n"
        "assert fit(net, DataSpec()).ok\n"
        "assert estimate(settle(RunSpec.model_validate({'network': net}))).bytes\n"
        "found = {'torch', 'torchvision', 'streamlit', 'pandas', 'sklearn'} & set(sys.modules)\n"
        "sys.exit(f'imported {found}' if found else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
