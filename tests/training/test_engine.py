"""The engine: same seed, same bits, whatever happens on the way."""

from collections.abc import Callable

import numpy as np
import pytest
import safetensors.torch
import torch
from torch import Tensor, nn
from torch.nn import functional

from netlib import Network, build, trace
from netlib.training import RunSpec, settle
from netlib.training.data.tensors import load
from netlib.training.optimiser_spec import OptimiserName
from netlib.training.run.engine import Engine
from tests.training.runs import CELL, DROPOUT, EMBEDDING, HEADED, NORMED, SMALL, TEN, hello, spec_of

ADAM = {"name": "Adam", "learning_rate": 0.01}
RUNS: dict[str, RunSpec] = {
    "cell": hello(CELL, 0.1, loss="sum", seed=3),
    "embedding": hello(EMBEDDING, 0.05, seed=3),
    "dropout, SGD": spec_of(DROPOUT, seed=3, batch=32),
    "dropout, Adam": spec_of(DROPOUT, seed=3, batch=32, optimiser=ADAM),
    "BatchNorm and residual": spec_of(NORMED, seed=3, batch=32),
    "auxiliary head": spec_of(HEADED, seed=3, batch=48, clip=1.0, schedule={"name": "cosine"}),
}
STEPS = 17


def losses(engine: Engine, steps: int) -> list[float]:
    return [float(engine.advance()) for _ in range(steps)]


def weights(engine: Engine) -> list[Tensor]:
    return [value.clone() for value in engine.model.state_dict().values()]


def equal(one: list[Tensor], other: list[Tensor]) -> bool:
    return len(one) == len(other) and all(map(torch.equal, one, other))


@pytest.fixture(params=list(RUNS.values()), ids=list(RUNS))
def spec(request: pytest.FixtureRequest) -> RunSpec:
    found = request.param
    assert isinstance(found, RunSpec)
    return found


def test_same_seed_same_bits_after_other_engines(spec: RunSpec) -> None:
    first = Engine(spec)
    expected = losses(first, STEPS)
    losses(Engine(spec.with_(seed=99)), 3)
    losses(Engine(hello(EMBEDDING, 0.05)), 3)
    again = Engine(spec)
    assert losses(again, STEPS) == expected
    assert equal(weights(again), weights(first))


def test_another_seed_gives_another_curve(spec: RunSpec) -> None:
    assert losses(Engine(spec), 3) != losses(Engine(spec.with_(seed=4)), 3)


def test_evaluation_in_between_changes_nothing_and_draws_nothing(spec: RunSpec) -> None:
    expected = losses(Engine(spec), STEPS)
    engine = Engine(spec)
    found = []
    for step in range(STEPS):
        found += losses(engine, 1)
        if step % 3 == 0:
            before, held = torch.get_rng_state(), weights(engine)
            first = engine.evaluate()
            said, probabilities = engine.look()
            assert torch.equal(torch.get_rng_state(), before)
            assert equal(weights(engine), held)
            assert first.loss == engine.evaluate().loss
            assert np.array_equal(first.said, said)
            assert np.allclose(first.probabilities, probabilities, atol=1e-6)
    assert found == expected


@pytest.mark.parametrize("at", [0, 5, 7])
def test_a_checkpoint_continues_in_an_engine_of_another_seed(spec: RunSpec, at: int) -> None:
    whole = Engine(spec)
    expected = losses(whole, STEPS)
    first = Engine(spec)
    losses(first, at)
    stored = safetensors.torch.save(first.checkpoint())
    losses(first, 2)  # a checkpoint is a copy, not a view of the present
    other = Engine(spec.with_(seed=77))
    losses(other, 4)
    other.restore(safetensors.torch.load(stored))
    assert other.step == at
    assert losses(other, STEPS - at) == expected[at:]
    assert equal(weights(other), weights(whole))


def test_a_rewind_is_a_new_beginning(spec: RunSpec) -> None:
    engine = Engine(spec)
    expected = losses(engine, STEPS)
    engine.set_learning_rate(0.5)
    losses(engine, 2)
    engine.rewind()
    assert engine.step == 0
    assert losses(engine, STEPS) == expected


def test_checkpoint_at_the_end_of_an_epoch_draws_the_next_one() -> None:
    spec = spec_of(SMALL, batch=64)
    whole, first = Engine(spec), Engine(spec)
    assert whole.steps_an_epoch == 4
    expected = losses(whole, 10)
    losses(first, 4)
    other = Engine(spec.with_(seed=8))
    other.restore(first.checkpoint())
    assert losses(other, 6) == expected[4:]


def textbook(
    spec: RunSpec, make: Callable[[list[nn.Parameter]], torch.optim.Optimizer], steps: int
) -> list[float]:
    """The loop as one would write it by hand: the same bits by another road."""
    data = load(spec.data, spec.network.input)
    shuffle = torch.Generator().manual_seed(spec.seed + 1)
    torch.manual_seed(spec.seed)
    model = build(trace(spec.network)).train()
    optimiser = make(list(model.parameters()))
    found: list[float] = []
    while len(found) < steps:
        for index in torch.split(torch.randperm(len(data.train), generator=shuffle), spec.batch):
            optimiser.zero_grad()
            loss = functional.cross_entropy(model(data.train.inputs[index]), data.train.targets[index])
            loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it without annotations
            optimiser.step()
            found.append(float(loss.detach()))
    return found[:steps]


OPTIMISERS: dict[OptimiserName, Callable[[list[nn.Parameter]], torch.optim.Optimizer]] = {
    "SGD": lambda p: torch.optim.SGD(p, 0.02, momentum=0.8, nesterov=True, weight_decay=1e-3),
    "Adam": lambda p: torch.optim.Adam(p, 0.02, (0.8, 0.99), 1e-7, 1e-3),
    "AdamW": lambda p: torch.optim.AdamW(p, 0.02, (0.8, 0.99), 1e-7, 1e-3),
    "RMSprop": lambda p: torch.optim.RMSprop(p, 0.02, 0.95, 1e-7, 1e-3, 0.8),
}


@pytest.mark.parametrize("name", OPTIMISERS)
def test_every_optimiser_is_torchs_own(name: OptimiserName) -> None:
    optimiser = {"name": name, "learning_rate": 0.02, "momentum": 0.8, "weight_decay": 1e-3, "eps": 1e-7}
    optimiser |= {"beta1": 0.8, "beta2": 0.99, "alpha": 0.95, "nesterov": name == "SGD"}
    spec = spec_of(DROPOUT, optimiser=optimiser, seed=5, batch=50, layout="contiguous", fused=False)
    expected = textbook(spec, OPTIMISERS[name], 12)
    assert losses(Engine(spec), 12) == expected
    assert expected[-1] < expected[0]


@pytest.mark.parametrize("name", ["SGD", "Adam", "AdamW"])
def test_fused_optimisers_agree_to_the_last_bits(name: OptimiserName) -> None:
    spec = spec_of(SMALL, optimiser={"name": name, "learning_rate": 0.02}, fused=False)
    plain, fused = losses(Engine(spec), 20), losses(Engine(spec.with_(fused=True)), 20)
    assert np.allclose(plain, fused, rtol=1e-3)


def test_channels_last_agrees_and_its_checkpoint_continues() -> None:
    spec = spec_of(NORMED, layout="channels_last", optimiser=ADAM)
    engine = Engine(spec)
    expected = losses(engine, 12)
    assert np.allclose(expected, losses(Engine(spec.with_(layout="contiguous")), 12), rtol=1e-3)
    convolution = next(p for p in engine.parameters if p.ndim == 4 and p.shape[1] > 1)
    assert convolution.is_contiguous(memory_format=torch.channels_last)
    first, other = Engine(spec), Engine(spec.with_(seed=6))
    losses(first, 6)
    other.restore(first.checkpoint())
    assert losses(other, 6) == expected[6:]


def test_auxiliary_losses_are_added_with_their_weight() -> None:
    engine = Engine(spec_of(HEADED, auxiliary=0.3))
    total = float(engine.advance())
    main, side = float(engine.measured["main_loss"]), float(engine.measured["aux_loss_1"])
    assert total == pytest.approx(main + 0.3 * side, rel=1e-6)
    assert engine.evaluate().loss == pytest.approx(
        main, rel=0.3
    )  # without the head, two heads would be 3 nats


def test_a_gradient_longer_than_the_clip_is_shortened() -> None:
    engine = Engine(spec_of(SMALL, clip=1e-4, optimiser={"momentum": 0.0, "learning_rate": 1.0}))
    before = torch.cat([p.detach().flatten().clone() for p in engine.parameters])
    engine.advance()
    moved = torch.cat([p.detach().flatten() for p in engine.parameters]) - before
    assert float(engine.measured["gradient_norm"]) > 1e-4
    assert float(moved.norm()) == pytest.approx(1e-4, rel=0.01)


def test_a_changed_learning_rate_acts_from_the_next_step_on() -> None:
    spec = spec_of(SMALL, optimiser={"momentum": 0.0})
    engine, frozen = Engine(spec), Engine(spec)
    losses(engine, 2)
    losses(frozen, 2)
    frozen.set_learning_rate(1e-8)
    before = weights(frozen)
    assert losses(engine, 1) == losses(frozen, 1)
    assert all(torch.allclose(a, b, atol=1e-6) for a, b in zip(before, weights(frozen), strict=True))
    assert not equal(weights(engine), weights(frozen))


def test_a_schedule_goes_on_from_a_changed_learning_rate() -> None:
    spec = spec_of(SMALL, limits={"epochs": None, "steps": 11}, schedule={"name": "cosine", "final": 0.0})
    engine = Engine(spec)
    assert engine.rate == pytest.approx(0.05)
    losses(engine, 5)
    assert engine.rate == pytest.approx(0.025)
    engine.set_learning_rate(0.5)
    assert engine.rate == pytest.approx(0.5)
    losses(engine, 5)
    assert engine.rate == pytest.approx(0.0)


def test_loss_over_the_steps_of_a_sequence_is_mean_or_sum() -> None:
    mean, total = (float(Engine(hello(CELL, 0.1, loss=how, seed=1)).advance()) for how in ("mean", "sum"))
    assert total == pytest.approx(5 * mean, rel=1e-6)


def test_evaluation_counts_every_sample_once() -> None:
    engine = Engine(spec_of(SMALL))
    losses(engine, 30)
    found = engine.evaluate()
    held = engine.data.validation
    with torch.no_grad():
        scores = engine.model.eval()(held.inputs)
    assert found.confusion.sum() == len(held) == 360
    assert found.accuracy == pytest.approx(float((scores.argmax(1) == held.targets).float().mean()))
    assert found.loss == pytest.approx(float(functional.cross_entropy(scores, held.targets)), rel=1e-5)
    assert found.said.tolist() == scores.argmax(1)[:20].tolist()
    assert np.allclose(found.probabilities.sum(1), 1, atol=1e-5)
    assert found.confusion[3].sum() == int((held.targets == 3).sum())


def test_a_large_validation_set_is_evaluated_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine(spec_of(SMALL))
    whole = engine.evaluate()
    monkeypatch.setattr("netlib.training.run.estimate.EVALUATED_AT_ONCE", 7)
    pieces = engine.evaluate()
    assert pieces.loss == pytest.approx(whole.loss, rel=1e-6)
    assert np.array_equal(pieces.confusion, whole.confusion)
    assert np.array_equal(pieces.said, whole.said[:7])


def test_the_last_batch_is_short_and_never_a_single_sample() -> None:
    engine = Engine(spec_of(NORMED, data={"train_samples": 65}, batch=32))
    sizes = [len(index) for index in (engine.order.next() for _ in range(4)) if index is not None]
    assert engine.steps_an_epoch == 2
    assert sizes == [32, 32, 32, 32]
    assert Engine(spec_of(NORMED, data={"train_samples": 66}, batch=32)).steps_an_epoch == 3


def test_an_epoch_meets_every_sample_once() -> None:
    engine = Engine(spec_of(SMALL, batch=64))
    epochs = [[engine.order.next() for _ in range(engine.steps_an_epoch)] for _ in range(2)]
    orders = [torch.cat([index for index in epoch if index is not None]).tolist() for epoch in epochs]
    assert [sorted(order) for order in orders] == [list(range(200))] * 2
    assert orders[0] != orders[1]


def test_an_injected_module_is_trained_instead() -> None:
    def factory() -> nn.Module:
        return nn.Sequential(nn.Flatten(), nn.Linear(64, 10))

    engine = Engine(spec_of(SMALL), model_factory=factory)
    found = losses(engine, 12)
    assert len(engine.parameters) == 2
    assert found[-1] < found[0]


def test_bfloat16_trains_too() -> None:
    engine = Engine(spec_of(SMALL, precision="bfloat16"))
    found = losses(engine, 30)
    assert found[-1] < 0.8 * found[0]
    assert engine.parameters[0].dtype == torch.float32


def test_threads_of_the_spec_are_those_of_the_process() -> None:
    Engine(settle(spec_of(SMALL, threads=2)))
    assert torch.get_num_threads() == 2


def test_an_unknown_checkpoint_is_refused(spec: RunSpec) -> None:
    with pytest.raises(KeyError):
        Engine(spec).restore({})


def test_images_can_be_read_row_by_row() -> None:
    lstm = {"kind": "LSTM", "hidden_size": 8, "returns": "last"}
    network = Network.model_validate({"input": {"dims": [8, 8]}, "layers": [lstm, TEN]})
    found = losses(Engine(spec_of(network, optimiser=ADAM)), 40)
    assert found[-1] < found[0]
