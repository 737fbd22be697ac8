"""The training loop: commands, limits, what is emitted, and how a run ends."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from netlib import build, trace
from netlib.presets import preset
from netlib.training import Machine, RunSpec
from netlib.training.run import loop
from netlib.training.run.engine import Engine
from netlib.training.run.loop import train
from netlib.training.run.protocol import (
    Command,
    Commands,
    Emit,
    Pause,
    Resume,
    Rewind,
    SetLearningRate,
    Start,
    Step,
    Stop,
    Train,
)
from tests.training.runs import (
    CELL,
    DROPOUT,
    EMBEDDING,
    HEADED,
    SMALL,
    Recorded,
    Script,
    hello,
    image_net,
    spec_of,
)

TEN_STEPS = {"epochs": None, "steps": 10}


def run(spec: RunSpec, script: Script | None = None, **options: Any) -> tuple[str, Recorded]:
    emit = Recorded()
    return train(spec, emit, script or Script(), **options), emit


def alone(spec: RunSpec, steps: int) -> list[float]:
    """The losses of the engine without a loop around it."""
    engine = Engine(spec)
    return [float(engine.advance()) for _ in range(steps)]


def test_the_loop_is_a_train() -> None:
    checked: Train = train
    emit: Emit = Recorded()
    commands: Commands = Script()
    assert checked(hello(CELL, 0.1, limits={"epochs": 1}), emit, commands) == "finished"


def test_a_run_emits_every_step_and_every_epoch() -> None:
    spec = spec_of(SMALL, batch=64, limits={"epochs": 3})
    state, emit = run(spec)
    assert state == "finished"
    assert emit.place == ("cpu", 1)
    assert emit.losses == alone(spec, 12)
    assert list(emit.values["val_loss"]) == list(emit.values["val_accuracy"]) == [4, 8, 12]
    assert emit.values["learning_rate"] == {4: 0.05, 8: 0.05, 12: 0.05}
    assert "All epochs are done (3)." in emit.reason
    assert emit.flushes > 0


def test_what_is_recorded_beside_the_loss() -> None:
    _, emit = run(spec_of(HEADED, clip=1.0, limits=TEN_STEPS))
    for name in ("main_loss", "aux_loss_1", "gradient_norm"):
        assert list(emit.values[name]) == list(range(1, 11))
    main, side = emit.values["main_loss"], emit.values["aux_loss_1"]
    expected = [main[step] + 0.3 * side[step] for step in range(1, 11)]
    assert emit.losses == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("held", [1, 3, 512])
def test_how_losses_are_buffered_changes_nothing(held: int, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = spec_of(DROPOUT, limits={"epochs": 4})
    expected = run(spec)[1]
    monkeypatch.setattr(loop, "HELD_LOSSES", held)
    monkeypatch.setattr(loop, "SHOWN_EVERY", 1e9)
    found = run(spec)[1]
    assert found.values == expected.values
    steps = [(kind, step) for kind, step, _ in found.snapshots if kind != "checkpoint"]
    assert steps == [(kind, step) for kind, step, _ in expected.snapshots if kind != "checkpoint"]


def test_the_shown_samples_and_what_is_said_of_them() -> None:
    spec = spec_of(SMALL, batch=16, limits={"epochs": 2})
    _, emit = run(spec)
    ((step, shown),) = emit.kept("shown")
    assert step == 0
    assert shown["pixels"].shape == (20, 1, 8, 8)
    predictions = dict(emit.kept("predictions"))
    assert list(predictions) == [0, 1, 2, 4, 8, 13, 26]
    last = predictions[26]
    assert last["said"].shape == (20,)
    assert last["probabilities"].shape == (20, 10)
    assert np.array_equal(last["probabilities"].argmax(1), last["said"])
    accuracy = emit.values["val_accuracy"][26]
    assert np.trace(last["confusion"]) / last["confusion"].sum() == pytest.approx(accuracy)
    assert "confusion" not in predictions[1]
    assert (last["said"] == shown["targets"]).mean() > (predictions[0]["said"] == shown["targets"]).mean()


def test_hello_types_a_word_an_epoch_and_keeps_its_small_weights() -> None:
    _, emit = run(hello(EMBEDDING, 0.05, seed=1))
    assert emit.typed()[:5] == ["lllll", "lhlll", "lhlll", "ohlll", "ohlol"]
    assert emit.typed()[-1] == "ohlol"
    steps = [step for step, _ in emit.kept("predictions")]
    assert steps == list(range(16))
    assert emit.kept("predictions")[3][1]["probabilities"].shape == (1, 5, 4)
    assert [step for step, _ in emit.kept("weights")] == list(range(16))
    model = build(trace(EMBEDDING))
    assert {k: v.shape for k, v in emit.kept("weights")[0][1].items()} == {
        k: tuple(v.shape) for k, v in model.state_dict().items()
    }
    assert emit.kept("shown")[0][1]["ids"].tolist() == [[1, 0, 2, 2, 3]]


def test_the_cell_says_ohlol_with_seed_22() -> None:
    _, emit = run(hello(CELL, 0.1, seed=22, loss="sum"))
    assert emit.typed()[:5] == ["eeooo", "eoooo", "eolol", "oolol", "ohlol"]
    assert emit.typed()[-1] == "ohlol"
    assert emit.losses[0] == pytest.approx(7.88, abs=0.01)
    assert emit.losses[-1] == pytest.approx(1.98, abs=0.01)


def test_a_stuck_seed_stays_stuck() -> None:
    assert run(hello(CELL, 0.1, seed=0, loss="sum"))[1].typed()[-1] != "ohlol"


def share_right(make: Callable[[int], RunSpec], seeds: int) -> float:
    return sum(run(make(seed))[1].typed()[-1] == "ohlol" for seed in range(seeds)) / seeds


def test_most_seeds_of_the_embedding_network_learn_hello() -> None:
    assert share_right(lambda seed: hello(EMBEDDING, 0.05, seed=seed), 8) >= 0.75


@pytest.mark.slow
def test_share_of_seeds_that_learn_hello() -> None:
    assert share_right(lambda seed: hello(CELL, 0.1, seed=seed, loss="sum"), 50) >= 0.6
    assert share_right(lambda seed: hello(EMBEDDING, 0.05, seed=seed), 50) >= 0.9


def test_the_net_reads_digits() -> None:
    spec = RunSpec.model_validate({"network": preset("net"), "limits": {"epochs": 5}})
    _, emit = run(spec)
    assert emit.values["val_accuracy"][115] > 0.93


@pytest.mark.slow
def test_the_net_with_defaults_passes_95_percent() -> None:
    accuracies = []
    for seed in range(3):
        _, emit = run(RunSpec.model_validate({"network": preset("net"), "seed": seed}))
        accuracies.append(emit.values["val_accuracy"][230])
    assert min(accuracies) > 0.95, accuracies


# commands


@pytest.mark.usefixtures("listens_always")
def test_pause_and_steps_and_resume_change_no_bit() -> None:
    spec = spec_of(DROPOUT, batch=32, limits={"epochs": 3})
    script = Script({4: Pause(), 15: Pause()}, [Step(), Step(count=5), Pause(), Resume(), Resume()])
    state, emit = run(spec, script)
    assert state == "finished"
    assert emit.losses == alone(spec, 21)
    marks = [(step, kind) for step, kind, _ in emit.events if kind != "reason"]
    assert marks == [(3, "pause"), (9, "resume"), (14, "pause"), (14, "resume")]
    assert [step for step, _ in emit.kept("checkpoint")][:1] == [3]
    assert not script.waiting


@pytest.mark.usefixtures("listens_always")
def test_a_pause_comes_into_a_long_row_of_single_steps() -> None:
    spec = spec_of(SMALL, limits={"epochs": None, "steps": 50})
    script = Script({3: Pause(), 6: Pause()}, [Step(count=1000), Resume()])
    state, emit = run(spec, script)
    assert state == "finished"
    assert len(emit.losses) == 50
    assert not script.waiting


@pytest.mark.usefixtures("listens_always")
def test_a_learning_rate_is_recorded_with_its_exact_step_and_can_be_replayed() -> None:
    spec = spec_of(SMALL, limits=TEN_STEPS)
    script = Script({4: SetLearningRate(value=0.2), 8: Pause()}, [SetLearningRate(value=0.001), Resume()])
    _, emit = run(spec, script)
    changes = [(step, detail) for step, kind, detail in emit.events if kind == "learning_rate"]
    assert changes == [(3, {"value": 0.2}), (7, {"value": 0.001})]
    engine = Engine(spec)
    replayed = []
    for step in range(10):
        if step == 3:
            engine.set_learning_rate(0.2)
        if step == 7:
            engine.set_learning_rate(0.001)
        replayed.append(float(engine.advance()))
    assert emit.losses == replayed
    assert emit.losses != alone(spec, 10)


@pytest.mark.usefixtures("listens_always")
@pytest.mark.parametrize(
    "script", [Script({6: Rewind()}), Script({6: Pause()}, [Rewind(), Resume()])], ids=["running", "paused"]
)
def test_a_rewind_begins_the_same_curve_again(script: Script) -> None:
    spec = spec_of(DROPOUT, limits=TEN_STEPS)
    state, emit = run(spec, script)
    assert state == "finished"
    assert emit.losses == alone(spec, 10)
    assert (0, "rewind", None) in emit.events
    assert len(emit.kept("shown")) == 2


@pytest.mark.usefixtures("listens_always")
@pytest.mark.parametrize(
    "script", [Script({6: Stop()}), Script({6: Pause()}, [Stop()])], ids=["running", "paused"]
)
def test_a_stop_keeps_a_checkpoint_that_goes_on_to_the_same_end(script: Script) -> None:
    spec = spec_of(DROPOUT, batch=32, limits={"epochs": 2})
    state, emit = run(spec, script)
    assert state == "stopped"
    assert emit.reason == "Stopped at step 5."
    step, tensors = emit.kept("checkpoint")[-1]
    assert step == 5
    assert emit.kept("predictions")[-1][0] == 5
    torch.manual_seed(4711)
    state, rest = run(spec, start=Start(tensors))
    assert state == "finished"
    assert list(rest.values["loss"]) == list(range(6, 15))
    assert emit.losses + rest.losses == alone(spec, 14)


@pytest.mark.usefixtures("listens_always")
@pytest.mark.parametrize("command", [Resume(), Step()])
def test_commands_that_mean_nothing_while_running_do_nothing(command: Command) -> None:
    spec = spec_of(SMALL, limits=TEN_STEPS)
    _, emit = run(spec, Script({3: command}))
    assert emit.losses == alone(spec, 10)
    assert [kind for _, kind, _ in emit.events] == ["reason"]


def test_commands_are_looked_at_before_the_first_step_and_not_at_every_one() -> None:
    script = Script({1: Stop()})
    state, emit = run(spec_of(SMALL), script)
    assert state == "stopped"
    assert emit.losses == []


# limits


def test_a_limit_of_steps() -> None:
    state, emit = run(spec_of(SMALL, limits={"epochs": 100, "steps": 6}))
    assert (state, len(emit.losses)) == ("finished", 6)
    assert "All steps are done (6)." in emit.reason
    assert emit.kept("predictions")[-1][0] == 6


def test_a_limit_of_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "SHOWN_EVERY", 0.0)
    state, emit = run(spec_of(SMALL, limits={"epochs": None, "seconds": 0.2}))
    assert state == "finished"
    assert "The time limit of 0.2 s was reached at step" in emit.reason


def test_a_target_accuracy_ends_the_run() -> None:
    state, emit = run(spec_of(SMALL, limits={"epochs": 100, "target_accuracy": 0.7}))
    accuracies = list(emit.values["val_accuracy"].values())
    assert state == "finished"
    assert accuracies[-1] >= 0.7 > max(accuracies[:-1])
    assert f"reached {accuracies[-1]:.1%} in epoch {len(accuracies)}" in emit.reason


def test_a_target_loss_ends_the_run() -> None:
    _, emit = run(spec_of(SMALL, limits={"epochs": 100, "target_loss": 1.5}))
    found = list(emit.values["val_loss"].values())
    assert found[-1] <= 1.5 < min(found[:-1])
    assert "1.5 was wanted" in emit.reason


def test_no_progress_ends_the_run() -> None:
    spec = spec_of(SMALL, optimiser={"learning_rate": 1e-8, "momentum": 0.0}, data={"train_samples": 20})
    found = Engine(spec).evaluate()
    falling = iter([2.0, 1.5, 1.6, 1.7, 1.8, 1.9])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Engine, "evaluate", lambda _: replace(found, loss=next(falling)))
        state, emit = run(spec.with_(limits={"epochs": 100, "patience": 3}))
    assert state == "finished"
    assert len(emit.values["val_loss"]) == 5
    assert "No progress for 3 epochs: the lowest validation loss, 1.5, was that of epoch 2." in emit.reason


@pytest.mark.parametrize(("rate", "advised"), [(1e-8, True), (0.1, False)])
def test_a_run_that_learnt_nothing_is_told_what_to_try(rate: float, advised: bool) -> None:
    _, emit = run(spec_of(SMALL, optimiser={"learning_rate": rate}, limits={"epochs": 8}))
    messages = [str(detail) for _, kind, detail in emit.events if kind == "message"]
    assert bool(messages) == advised
    if advised:
        assert "what guessing gives (2.303). Try Adam" in messages[0]


def test_a_run_with_adam_that_learnt_nothing_is_not_told_to_try_it() -> None:
    _, emit = run(spec_of(SMALL, optimiser={"name": "Adam", "learning_rate": 1e-8}, limits={"epochs": 1}))
    (said,) = [str(detail) for _, kind, detail in emit.events if kind == "message"]
    assert said.endswith("Try more epochs, or another learning rate.")


# bad ends


class BreaksAt(nn.Module):
    """A small network whose scores are no numbers from a given training step on."""

    def __init__(self, step: int, value: float) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Flatten(), nn.Linear(64, 10))
        self.step, self.value, self.seen = step, value, 0

    def forward(self, x: Tensor) -> Tensor:
        if self.training:
            self.seen += 1
        scores: Tensor = self.layers(x)
        return scores * self.value if self.seen >= self.step else scores


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
@pytest.mark.parametrize("held", [1, 10, 512])
def test_the_step_at_which_the_loss_is_no_number_is_exact(
    held: int, value: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "HELD_LOSSES", held)
    state, emit = run(spec_of(SMALL, batch=4), model_factory=lambda: BreaksAt(37, value))
    assert state == "diverged"
    assert len(emit.losses) == 37
    assert np.isfinite(emit.losses[:36]).all()
    assert not np.isfinite(emit.losses[36])
    assert "stopped being a number at step 37" in emit.reason
    assert "(0.005)" in emit.reason
    assert emit.events[-1][0] == 37


def test_weights_that_are_no_numbers_show_in_the_validation() -> None:
    class BreaksInValidation(BreaksAt):
        def forward(self, x: Tensor) -> Tensor:
            return super().forward(x) * (1.0 if self.training else float("nan"))

    state, emit = run(spec_of(SMALL), model_factory=lambda: BreaksInValidation(10**9, 1.0))
    assert state == "diverged"
    assert "validation loss stopped being a number after step 4" in emit.reason


def test_a_learning_rate_of_50_is_a_divergence_though_the_loss_stays_finite() -> None:
    spec = spec_of(preset("net"), optimiser={"learning_rate": 50.0}, data={}, limits={"epochs": 40})
    state, emit = run(spec)
    assert state == "diverged"
    assert "Try a learning rate of 0.05, where SGD usually starts." in emit.reason
    assert [step for step, _ in emit.kept("checkpoint")]


def test_a_short_run_that_ends_far_from_where_it_began_has_diverged() -> None:
    spec = spec_of(preset("net"), optimiser={"learning_rate": 1000.0}, data={}, limits={"epochs": 1})
    state, emit = run(spec)
    assert state == "diverged"
    assert "(2.303)" in emit.reason
    assert "Try a learning rate of 0.05, where SGD usually starts" in emit.reason


def test_a_network_that_does_not_fit_fails_with_the_reason() -> None:
    state, emit = run(spec_of(image_net({"kind": "Flatten"}, {"kind": "Linear", "out_features": 17})))
    assert state == "failed"
    assert "10 classes, but the network gives 17 numbers" in emit.reason
    assert emit.place is None


def test_data_that_are_not_there_fail_with_the_way_to_get_them(tmp_path: Any) -> None:
    state, emit = run(spec_of(preset("net"), data={"name": "mnist"}), folder=tmp_path)
    assert state == "failed"
    assert "Download it" in emit.reason


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has CUDA")
def test_a_device_that_is_not_there_is_named() -> None:
    state, emit = run(spec_of(SMALL, device="cuda:3"))
    assert state == "failed"
    assert "There is no cuda:3 on this machine" in emit.reason
    assert "cpu" in emit.reason


def test_too_big_is_said_before_anything_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "machine_of", lambda device: Machine(memory=120_000_000))

    def never() -> nn.Module:
        raise AssertionError("a weight was allocated")

    wide = image_net(
        {"kind": "Conv2d", "out_channels": 64, "kernel_size": 3},
        {"kind": "Flatten"},
        {"kind": "Linear", "out_features": 10},
        side=28,
    )
    state, emit = run(spec_of(wide, batch=512), model_factory=never)
    assert state == "failed"
    assert "120 MB are free here. The largest batch that fits is" in emit.reason


class TooMuch(BreaksAt):
    """Asks for more memory than there is, at its third step."""

    def forward(self, x: Tensor) -> Tensor:
        if self.training and self.seen == 2:
            raise RuntimeError(
                "[enforce fail at alloc_cpu.cpp:127] DefaultCPUAllocator: can't allocate memory"
            )
        return super().forward(x)


@pytest.mark.parametrize(("batch", "advice"), [(64, "Try batch 32"), (1, "even for one sample")])
def test_out_of_memory_is_said_in_words(batch: int, advice: str) -> None:
    state, emit = run(spec_of(SMALL, batch=batch), model_factory=lambda: TooMuch(10**9, 1.0))
    assert state == "failed"
    assert "memory ran out at step 3" in emit.reason
    assert advice in emit.reason
    assert "Allocator" not in emit.reason


def test_a_network_that_cannot_be_compiled_is_trained_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    from torch._dynamo.exc import TorchDynamoException

    def refusing(_model: nn.Module) -> Callable[[Tensor], Tensor]:
        def fail(_inputs: Tensor) -> Tensor:
            raise TorchDynamoException("no compiler here")

        return fail

    monkeypatch.setattr(torch, "compile", refusing)
    spec = spec_of(DROPOUT, limits=TEN_STEPS)
    state, emit = run(spec.with_(compiled=True))
    assert state == "finished"
    assert emit.losses == alone(spec, 10)
    ((step, message),) = [(step, detail) for step, kind, detail in emit.events if kind == "message"]
    assert step == 1
    assert "torch.compile did not work" in str(message)


def test_a_fault_of_our_own_is_not_hidden() -> None:
    class Broken(BreaksAt):
        def forward(self, x: Tensor) -> Tensor:
            raise RuntimeError("a fault")

    with pytest.raises(RuntimeError, match="a fault"):
        run(spec_of(SMALL), model_factory=lambda: Broken(1, 1.0))


def test_every_reason_is_said_in_both_languages() -> None:
    _, emit = run(spec_of(SMALL, limits=TEN_STEPS))
    assert emit.reason.say("zh") == "全部步数已完成（10）。"
