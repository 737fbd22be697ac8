"""Whether a network fits its data; every fix that is offered makes it fit."""

from typing import Any

import pytest

from netlib import Network, build, trace
from netlib.presets import PRESETS, preset
from netlib.training import DataSpec
from netlib.training.data.datasets import DATA_SETS
from netlib.training.data.fit import Fit, fit, fits
from netlib.training.data.tensors import load
from tests.training.runs import CELL, CONV, EMBEDDING, FLATTEN, HEADED, RELU, SMALL, TEN, image_net

DIGITS, HELLO, CIFAR = DataSpec(), DataSpec(name="hello"), DataSpec(name="cifar10")
NAMES = DataSpec(name="names17")
POOL: dict[str, Any] = {"kind": "MaxPool2d", "kernel_size": 2}


def net(dims: list[int], *layers: dict[str, Any], dtype: str = "float32") -> Network:
    return Network.model_validate({"input": {"dims": dims, "dtype": dtype}, "layers": list(layers)})


def linear(units: int) -> dict[str, Any]:
    return {"kind": "Linear", "out_features": units}


def checked(network: Network, data: DataSpec) -> Fit:
    """The fit, after every fix was seen to lead to a network that fits and can be built and fed."""
    found = fit(network, data)
    assert fits(network, data) == found.ok
    if found.problem:
        labels = [str(fix.label) for fix in found.problem.fixes]
        assert len(set(labels)) == len(labels)
        for fix in found.problem.fixes:
            mended = fix.apply(network)
            assert fit(mended, data).ok, fix.label
            assert mended != network
            assert fix.label.say("zh") != str(fix.label)
        assert found.problem.message.say("zh") != str(found.problem.message)
    return found


@pytest.mark.parametrize(
    ("network", "data"),
    [
        (SMALL, DIGITS),
        (HEADED, DIGITS),
        (preset("net"), DIGITS),
        (preset("net"), DataSpec(name="mnist")),
        (net([64], linear(10)), DIGITS),
        (net([28, 28], {"kind": "GRU", "hidden_size": 16, "returns": "last"}, linear(10)), DIGITS),
        (net([3, 32, 32], CONV, FLATTEN, linear(10)), CIFAR),
        (CELL, HELLO),
        (EMBEDDING, HELLO),
    ],
)
def test_what_fits(network: Network, data: DataSpec) -> None:
    assert fit(network, data).ok
    assert fit(network, data).way is not None


@pytest.mark.parametrize(
    ("network", "data", "message", "fix"),
    [
        (
            image_net(CONV, FLATTEN, linear(17)),
            DIGITS,
            "10 classes, but the network gives 17",
            "set out_features = 10 on 3 Linear",
        ),
        (
            image_net(FLATTEN, linear(17), RELU),
            DIGITS,
            "gives 17 numbers",
            "set out_features = 10 on 2 Linear",
        ),
        (
            image_net({"kind": "Sequential", "layers": [FLATTEN, linear(3)]}),
            DIGITS,
            "gives 3 numbers",
            "set out_features = 10 on 1 Sequential › 2 Linear",
        ),
        (image_net(FLATTEN), DIGITS, "gives 64 numbers", "add Linear(out_features=10) at the end"),
        (
            image_net(CONV, RELU),
            DIGITS,
            "gives 4 × 6 × 6",
            "add Flatten(), Linear(out_features=10) at the end",
        ),
        (image_net({**CONV, "out_channels": 10}, RELU), DIGITS, "gives 10 × 6 × 6", "add AdaptiveAvgPool2d"),
        (net([8, 8], {"kind": "RNN", "hidden_size": 16}), DIGITS, "gives 8 × 16", "returns = last on 1 RNN"),
        (
            net([3, 8, 8], CONV, FLATTEN, linear(10)),
            DIGITS,
            "Digits 8 × 8 has 1, the network takes 3",
            "input to 1 × 8 × 8",
        ),
        (SMALL, CIFAR, "CIFAR-10 has 3, the network takes 1", "input to 3 × 8 × 8"),
        (net([1, 6, 6], CONV, FLATTEN, linear(10)), DIGITS, "at least 8 × 8 pixels", "input to 1 × 8 × 8"),
        (net([100], linear(32), linear(10)), CIFAR, "holds images of 3 × 32 × 32", "add Flatten"),
        (
            image_net({**CONV, "kernel_size": 9}, FLATTEN, linear(10), side=8),
            DIGITS,
            "1 Conv2d cannot run",
            "",
        ),
        (image_net(CONV, linear(10)), DIGITS, "gives 4 × 6 × 10", "add Flatten(), Linear(out_features=10)"),
        (image_net({**TEN, "in_features": 3}), DIGITS, "1 Linear cannot run", "insert Flatten"),
        (
            net([5, 4], {"kind": "RNN", "hidden_size": 8}),
            HELLO,
            "network gives 8 numbers",
            "set hidden_size = 4 on 1 RNN",
        ),
        (
            net([5, 4], {"kind": "GRU", "hidden_size": 4, "returns": "last"}),
            HELLO,
            "must give 5 × 4; it gives 4",
            "set returns = sequence on 1 GRU",
        ),
        (net([5, 4], FLATTEN, linear(8)), HELLO, "must give 5 × 4; it gives 8", "Unflatten"),
        (net([7, 4], {"kind": "RNNCell", "hidden_size": 4}), HELLO, "5 × 4 one-hot", "input to 5 × 4"),
        (
            net(
                [5], {"kind": "Embedding", "num_embeddings": 3, "embedding_dim": 8}, linear(4), dtype="int64"
            ),
            HELLO,
            "1 Embedding knows 3 letters, but the words have 4",
            "set num_embeddings = 4 on 1 Embedding",
        ),
        (
            net(
                [9], {"kind": "Embedding", "num_embeddings": 3, "embedding_dim": 8}, linear(7), dtype="int64"
            ),
            HELLO,
            "must take 5 ids",
            "change the input to 5 ids, then set num_embeddings = 4 on 1 Embedding, then set out_features = 4",
        ),
        (net([5, 4]), HELLO, "no parameters", "add Linear(out_features=4)"),
    ],
)
def test_what_does_not_fit_and_how_it_would(network: Network, data: DataSpec, message: str, fix: str) -> None:
    found = checked(network, data)
    assert found.problem
    assert message in found.problem.message
    labels = [str(f.label) for f in found.problem.fixes]
    assert not fix or any(fix in label for label in labels), labels


def test_a_vector_of_another_size_gets_an_input() -> None:
    found = checked(net([100], linear(32), linear(10)), DIGITS)
    assert found.ok  # 100 pixels are 10 × 10


def test_too_small_for_the_network_is_not_offered() -> None:
    network = image_net(CONV, POOL, CONV, POOL, FLATTEN, linear(10), side=28)
    found = checked(network, CIFAR)
    assert found.problem
    assert "3 × 28 × 28" in found.problem.fixes[0].label


def test_an_auxiliary_head_must_have_as_many_classes() -> None:
    head = {"kind": "AuxiliaryHead", "layers": [FLATTEN, linear(5)]}
    found = checked(image_net(CONV, head, FLATTEN, TEN), DIGITS)
    assert found.problem
    assert "2 AuxiliaryHead gives 5, but there are 10 classes" in found.problem.message
    assert "2 AuxiliaryHead › 2 Linear" in found.problem.fixes[0].label


def test_batch_normalisation_needs_more_than_one_value() -> None:
    network = image_net(FLATTEN, linear(8), {"kind": "BatchNorm1d"}, TEN)
    assert fit(network, DIGITS, 2).ok
    problem = fit(network, DIGITS, 1).problem
    assert problem
    assert "3 BatchNorm1d cannot learn from one sample" in problem.message
    assert "at least 2" in problem.hint


@pytest.mark.parametrize(
    ("network", "data", "note"),
    [
        (preset("net"), DIGITS, "resized from 8 × 8 to 20 × 20, with 4 empty pixels around (28 × 28)"),
        (image_net(CONV, FLATTEN, TEN, side=32), DataSpec(name="mnist"), "resized from 28 × 28 to 32 × 32"),
        (net([8, 8], FLATTEN, TEN), DIGITS, "row by row: 8 steps of 8 pixels"),
        (net([64], TEN), DIGITS, "one vector of 64 pixels"),
        (image_net(FLATTEN, TEN, {"kind": "Softmax", "dim": 1}), DIGITS, "cannot fall under 1.4612"),
        (net([5, 4], linear(4), {"kind": "Softmax", "dim": 2}), HELLO, "cannot fall under 0.7437"),
        (CELL, HELLO, "cannot fall under 0.3408"),
    ],
)
def test_notes_say_what_is_done_and_what_to_expect(network: Network, data: DataSpec, note: str) -> None:
    found = fit(network, data)
    assert found.ok
    assert any(note in said for said in found.notes), found.notes


def test_a_network_that_needs_no_word_gets_none() -> None:
    assert fit(SMALL, DIGITS).notes == ()
    assert fit(EMBEDDING, HELLO).notes == ()


def test_unknown_data_are_a_problem_not_an_exception() -> None:
    problem = fit(SMALL, DataSpec(name="imagenet")).problem
    assert problem
    assert "imagenet" in problem.message


@pytest.mark.parametrize("slug", PRESETS)
@pytest.mark.parametrize("data", [DIGITS, HELLO, CIFAR, NAMES], ids=lambda data: data.name)
def test_every_preset_against_every_sort_of_data(slug: str, data: DataSpec) -> None:
    found = checked(preset(slug), data)
    assert found.ok == (found.way is not None)  # what fits can be fed, and what does not is not
    if found.problem:
        assert found.problem.fixes or found.problem.hint  # a way out, by a button or in words


@pytest.mark.parametrize(
    ("network", "data"),
    [(image_net(CONV, RELU), DIGITS), (net([9, 9], {"kind": "RNN", "hidden_size": 5}), HELLO)],
)
def test_a_mended_network_really_gives_the_scores(network: Network, data: DataSpec) -> None:
    problem = fit(network, data).problem
    assert problem
    for fix in problem.fixes:
        mended = fix.apply(network)
        samples = load(data, mended.input).train
        scores = build(trace(mended))(samples.inputs[:2])
        about = DATA_SETS[data.name]
        assert scores.shape == (*samples.targets[:2].shape, about.classes)
