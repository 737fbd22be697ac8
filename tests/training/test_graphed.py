"""Steps that are recorded and played give the same bits as steps that are done, and a run survives every refusal."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import safetensors.torch
import torch

from netlib import Message, build, trace
from netlib.presets import preset
from netlib.training import RunSpec, settle
from netlib.training.run import engine as engine_module
from netlib.training.run.engine import Engine
from netlib.training.run.graphed import Graphs, is_recorded
from netlib.training.run.loop import train
from netlib.training.run.protocol import Pause, Resume, Rewind, SetLearningRate, Step
from tests.training.recordings import Breaks, Forgets, Made, NoMemory, Refuses, StandIn
from tests.training.runs import CELL, DROPOUT, HEADED, NORMED, SMALL, Recorded, Script, hello, spec_of
from tests.training.test_engine import equal, losses, weights

ADAM = {"name": "Adam", "learning_rate": 0.01}
RUNS: dict[str, RunSpec] = {
    "hello, RNNCell and Adam": hello(CELL, 0.1, loss="sum", seed=3),
    "dropout and SGD": spec_of(DROPOUT, seed=3, batch=32),
    "dropout, AdamW, clipped": spec_of(DROPOUT, seed=3, batch=32, clip=0.5, optimiser={**ADAM, "name": "AdamW"}),
    "RMSprop with momentum": spec_of(
        DROPOUT, seed=3, optimiser={"name": "RMSprop", "learning_rate": 0.001, "momentum": 0.5}
    ),
    "BatchNorm": spec_of(NORMED, seed=3, batch=32),
    "auxiliary head, clip and schedule": spec_of(
        HEADED, seed=3, batch=48, clip=1.0, schedule={"name": "cosine"}
    ),
}  # fmt: skip
"""Most have a smaller last batch: 200 samples in batches of 32, 48 and 64."""
STEPS = 17


@pytest.fixture(params=list(RUNS.values()), ids=list(RUNS))
def spec(request: pytest.FixtureRequest) -> RunSpec:
    found = request.param
    assert isinstance(found, RunSpec)
    return found


def measured(engine: Engine, steps: int) -> list[dict[str, float]]:
    """All that each of the next steps measures."""
    found = []
    for _ in range(steps):
        loss = float(engine.advance())
        found.append({"loss": loss} | {name: float(value) for name, value in engine.measured.items()})
    return found


def test_played_steps_are_the_steps_themselves_bit_for_bit(spec: RunSpec) -> None:
    made = Made()
    plain = Engine(spec)
    expected = measured(plain, STEPS)
    played = Engine(spec, graphs=made.graphs())
    assert measured(played, STEPS) == expected
    assert equal(weights(played), weights(plain))
    (recording,) = made.made
    smaller = STEPS // plain.steps_an_epoch if len(plain.data.train) % plain.order.batch else 0
    assert recording.replays == STEPS - smaller + 1  # one more to see whether it does the same
    assert played.is_recorded
    assert played.not_recorded is None


def test_what_a_step_measured_stays_as_it_was() -> None:
    engine = Engine(spec_of(HEADED, clip=1.0), graphs=Made().graphs())
    first = engine.advance(), dict(engine.measured)
    held = float(first[0]), {name: float(value) for name, value in first[1].items()}
    losses(engine, 3)
    assert (float(first[0]), {name: float(value) for name, value in first[1].items()}) == held


def test_a_learning_rate_set_on_the_way_acts_on_the_next_step(spec: RunSpec) -> None:
    found = []
    for graphs in (None, Made().graphs()):
        engine = Engine(spec, graphs=graphs)
        losses(engine, 5)
        engine.set_learning_rate(0.2)
        found.append(losses(engine, 6))
    assert found[0] == found[1]


@pytest.mark.parametrize("name", ["SGD", "Adam", "AdamW"])
def test_a_rate_that_is_a_tensor_is_filled_in_place(name: str) -> None:
    optimiser = {"name": name, "learning_rate": 0.02}
    spec = spec_of(
        DROPOUT, batch=32, optimiser=optimiser, schedule={"name": "one-cycle"}, limits={"epochs": 3}
    )
    plain = losses(Engine(spec), STEPS)
    done = Engine(spec, graphs=Made(Refuses).graphs(rate_is_tensor=True))
    expected = losses(done, STEPS)
    assert not done.is_recorded
    played = Engine(spec, graphs=Made().graphs(rate_is_tensor=True))
    assert losses(played, STEPS) == expected
    assert isinstance(played.optimiser.param_groups[0]["lr"], torch.Tensor)
    assert played.is_recorded
    assert np.allclose(expected, plain, rtol=1e-3)


@pytest.mark.parametrize("at", [0, 5, 7])
def test_checkpoints_go_from_played_to_done_and_back(spec: RunSpec, at: int) -> None:
    whole = Engine(spec)
    expected = losses(whole, STEPS)
    for first, then in ((None, Made().graphs()), (Made().graphs(), None), (Made().graphs(), Made().graphs())):
        engine = Engine(spec, graphs=first)
        assert losses(engine, at) == expected[:at]
        stored = safetensors.torch.save(engine.checkpoint())
        other = Engine(spec.with_(seed=77), graphs=then)
        losses(other, 4)
        other.restore(safetensors.torch.load(stored))
        assert losses(other, STEPS - at) == expected[at:]
        assert equal(weights(other), weights(whole))


def test_a_rewind_records_anew() -> None:
    made = Made()
    engine = Engine(spec_of(DROPOUT, batch=32), graphs=made.graphs(rate_is_tensor=True))
    expected = losses(engine, STEPS)
    engine.set_learning_rate(0.5)
    losses(engine, 2)
    engine.rewind()
    assert losses(engine, STEPS) == expected
    assert len(made.made) == 2


def test_looking_evaluating_and_gauging_in_between_change_nothing(spec: RunSpec) -> None:
    expected = losses(Engine(spec), STEPS)
    made = Made()
    engine = Engine(spec, graphs=made.graphs())
    found = []
    for step in range(STEPS):
        found.append(float(engine.advance(gauged=step % 4 == 0)))
        if step % 3 == 0:
            engine.evaluate()
            engine.look()
    assert found == expected
    assert engine.gauged is not None
    assert engine.gauged.step == 17
    assert (engine.gauged.updates > 0).all()


@pytest.mark.parametrize("kind", [Refuses, NoMemory, Breaks])
def test_a_run_goes_on_where_recording_or_playing_fails(spec: RunSpec, kind: type[StandIn]) -> None:
    plain = Engine(spec)
    expected = measured(plain, STEPS)
    engine = Engine(spec, graphs=Made(kind).graphs())
    assert measured(engine, STEPS) == expected
    assert equal(weights(engine), weights(plain))
    assert not engine.is_recorded
    assert engine.not_recorded is not None
    why = {Refuses: "(RuntimeError)", NoMemory: "memory of the device", Breaks: "(RuntimeError)"}[kind]
    assert why in engine.not_recorded.why


def test_a_recording_that_does_something_else_is_not_believed() -> None:
    spec = spec_of(SMALL, batch=32)

    class Tells(Made):
        def __call__(self, device: torch.device) -> StandIn:
            recording = Forgets()
            recording.rates = [engine.optimiser.param_groups[0]["lr"]]
            return recording

    expected = losses(Engine(spec, graphs=Made(Refuses).graphs(rate_is_tensor=True)), STEPS)
    engine = Engine(spec, graphs=Tells().graphs(rate_is_tensor=True))
    assert losses(engine, STEPS) == expected
    assert engine.not_recorded is not None
    assert "did not do the same" in engine.not_recorded.why


def test_a_refusal_is_not_tried_again_after_a_rewind() -> None:
    made = Made(Refuses)
    engine = Engine(spec_of(SMALL), graphs=made.graphs())
    expected = losses(engine, 5)
    engine.rewind()
    assert losses(engine, 5) == expected
    assert len(made.made) == 1


def test_a_recording_finds_its_tensors_where_they_were() -> None:
    """What a graph reads and writes it knows by its place in memory alone."""

    def places() -> list[int]:
        kept = [v for held in engine.optimiser.state.values() for v in held.values()]
        tensors = [*engine.model.parameters(), *engine.model.buffers(), *kept]
        return [t.data_ptr() for t in [*tensors, engine.optimiser.param_groups[0]["lr"]]]

    class Insists(StandIn):
        def capture(self, body: Callable[[], None]) -> None:
            super().capture(body)
            self.places = places()

        def replay(self) -> None:
            assert places() == self.places
            super().replay()

    made = Made(Insists)
    engine = Engine(spec_of(NORMED, batch=32, optimiser=ADAM), graphs=made.graphs(rate_is_tensor=True))
    losses(engine, 5)
    state = engine.checkpoint()
    engine.set_learning_rate(0.1)
    engine.evaluate()
    losses(engine, 5)
    engine.restore(state)
    losses(engine, 5)
    engine.rewind()
    losses(engine, 5)
    assert engine.not_recorded is None
    assert len(made.made) == 3


# which steps are recorded


@pytest.mark.parametrize(
    ("spec", "raw", "expected"),
    [
        (spec_of(SMALL), False, True),
        (hello(CELL, 0.1), False, True),
        (spec_of(preset("net")), False, True),
        (spec_of(SMALL).with_(compiled=True), False, False),
        (spec_of(SMALL, optimiser={"name": "RMSprop"}), False, True),
        (spec_of(SMALL).with_(fused=False), False, False),  # SGD reads its rate on the device when it is fused only
        (spec_of(SMALL, optimiser=ADAM).with_(fused=False), False, True),
        (spec_of(SMALL), True, False),
        (spec_of(preset("vgg16")), False, False),  # arithmetic rules
        (spec_of(preset("net"), batch=60_000), False, False),
    ],
)  # fmt: skip
def test_launch_bound_steps_are_recorded_by_rule(spec: RunSpec, raw: bool, expected: bool) -> None:
    found = trace(spec.network)
    model = torch.nn.Identity() if found.params > 10**7 else build(found)
    assert is_recorded(settle(spec), found, model, raw=raw) is expected


def test_packed_sequences_are_not_recorded() -> None:
    from netlib.modules import PackedRecurrent

    model = torch.nn.Sequential(PackedRecurrent("LSTM", 4, 8))
    assert not is_recorded(settle(spec_of(SMALL)), trace(SMALL), model, raw=False)


def test_the_processor_records_nothing_and_keeps_its_number_for_a_rate() -> None:
    engine = Engine(spec_of(SMALL))
    losses(engine, 2)
    assert not engine.is_recorded
    assert isinstance(engine.optimiser.param_groups[0]["lr"], float)


# in a run


@pytest.fixture
def recording(monkeypatch: pytest.MonkeyPatch) -> Callable[[type[StandIn]], Made]:
    """Has every engine record with stand-ins of a kind."""

    def record(kind: type[StandIn]) -> Made:
        made = Made(kind)
        graphs: Graphs = made.graphs()
        monkeypatch.setattr(engine_module, "graphs_on", lambda device: graphs)
        return made

    return record


def ran(spec: RunSpec, script: Script | None = None) -> Recorded:
    emit = Recorded()
    assert train(spec, emit, script or Script()) == "finished"
    return emit


SCRIPT: dict[str, Any] = {
    "before": {4: SetLearningRate(value=0.2), 9: Pause()},
    "waiting": [Step(count=3), SetLearningRate(value=0.01), Resume()],
}


@pytest.mark.usefixtures("listens_always")
def test_a_run_says_that_its_steps_are_recorded(recording: Callable[[type[StandIn]], Made]) -> None:
    spec = spec_of(DROPOUT, batch=32, clip=1.0, limits={"epochs": 3})
    expected = ran(spec, Script(**SCRIPT))
    made = recording(StandIn)
    found = ran(spec, Script(**SCRIPT))
    assert found.values == expected.values
    ((step, said),) = [(step, detail) for step, kind, detail in found.events if kind == "graph"]
    assert isinstance(said, Message)
    assert step == 3  # the first two are gauged
    assert "CUDA graph" in said
    assert "CUDA 图" in said.say("zh")
    assert made.made[0].replays > 10


@pytest.mark.usefixtures("listens_always")
@pytest.mark.parametrize("kind", [Refuses, NoMemory, Breaks])
def test_a_run_says_why_it_goes_on_without(
    kind: type[StandIn], recording: Callable[[type[StandIn]], Made]
) -> None:
    spec = spec_of(DROPOUT, batch=32, limits={"epochs": 3})
    expected = ran(spec, Script(**SCRIPT))
    recording(kind)
    found = ran(spec, Script(**SCRIPT))
    assert found.values == expected.values
    (said,) = [detail for _, kind, detail in found.events if kind == "message"]
    assert isinstance(said, Message)
    assert said.startswith("The run goes on without a CUDA graph: ")
    assert said.say("zh").startswith("此运行不使用 CUDA 图继续：")
    assert "CUDA error" not in said
    faults = [
        detail for _, kind, detail in found.events if kind == "graph" and not isinstance(detail, Message)
    ]
    assert len(faults) == 1
    assert isinstance(faults[0], dict)
    assert str(faults[0]["fault"]).startswith("CUDA ")


@pytest.mark.usefixtures("listens_always")
def test_a_rewound_run_says_it_again(recording: Callable[[type[StandIn]], Made]) -> None:
    spec = spec_of(DROPOUT, limits={"epochs": None, "steps": 12})
    expected = ran(spec)
    recording(StandIn)
    found = ran(spec, Script({8: Rewind()}))
    assert found.values == expected.values
    assert [kind for _, kind, _ in found.events] == ["graph", "rewind", "graph", "reason"]
