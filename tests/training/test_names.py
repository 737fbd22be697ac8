"""Names as numbers, packed as torch packs them; the data set, networks that fit it, and texts that are no names."""

import random
from collections import Counter

import pytest
import torch
from torch import nn

from netlib import Network, build, sequence, tokens, trace
from netlib.presets import preset
from netlib.training import DataSpec, RunSpec
from netlib.training.data.datasets import DATA_SETS
from netlib.training.data.fit import fit
from netlib.training.data.names import (
    LONGEST,
    PADDING,
    VOCABULARY,
    NoName,
    batch_sizes,
    codes,
    packing,
    padded,
    read_name,
    romanised,
    text_of,
)
from netlib.training.data.names17 import LANGUAGES, LONGEST_NAME, halves
from netlib.training.data.tensors import load
from netlib.training.run.engine import Engine

NAMES17 = DataSpec(name="names17")


def test_lengths_of_10_7_and_4_are_packed_into_21_of_30_cells() -> None:
    found = packing(["Kowalczuk-", "Nguyens", "Zhou"])
    assert found.batch_sizes == (3, 3, 3, 3, 2, 2, 2, 1, 1, 1)
    assert (found.cells, found.padded_cells) == (21, 30)


@pytest.mark.parametrize("seed", range(5))
def test_batch_sizes_are_those_of_pack_padded_sequence(seed: int) -> None:
    numbers = random.Random(seed)
    names = [
        "".join(numbers.choices("abcdef", k=numbers.randint(1, 18))) for _ in range(numbers.randint(1, 40))
    ]
    found = packing(names)
    lengths = torch.tensor([len(name) for name in names])
    packed = nn.utils.rnn.pack_padded_sequence(
        torch.from_numpy(padded(names)), lengths, batch_first=True, enforce_sorted=False
    )
    assert list(found.batch_sizes) == packed.batch_sizes.tolist() == batch_sizes(lengths.tolist())
    assert found.cells == len(packed.data)
    letters = [found.rows[row, step] for step, count in enumerate(found.batch_sizes) for row in range(count)]
    lengths_in_order = [len(names[place]) for place in found.order]
    assert lengths_in_order == sorted(lengths_in_order, reverse=True)
    assert Counter(letters) == Counter(packed.data.tolist())


def test_rows_are_codes_and_zeros() -> None:
    assert codes("Ng") == [78, 103]
    assert padded(["Ng", "Zhou"]).tolist() == [[78, 103, PADDING, PADDING], codes("Zhou")]
    assert text_of(padded(["Ng"], 6)[0].tolist()) == "Ng"


def test_the_names_are_shipped_whole() -> None:
    (train, of_train), (test, of_test) = halves()
    assert (train.shape, test.shape) == ((4924, LONGEST_NAME), (1228, LONGEST_NAME))
    assert int(max((train != PADDING).sum(1).max(), (test != PADDING).sum(1).max())) == LONGEST_NAME
    assert set(of_train.tolist()) == set(of_test.tolist()) == set(range(len(LANGUAGES)))
    ours = [text_of(row) for row in [*train.tolist(), *test.tolist()]]
    assert len(set(ours)) == len(ours)
    assert all(read_name(name) == name for name in ours)
    assert max(Counter(of_test.tolist()).values()) / len(of_test) == pytest.approx(0.065, abs=0.001)


def test_names_are_padded_to_what_the_network_takes() -> None:
    short, long = load(NAMES17, tokens(LONGEST_NAME)), load(NAMES17, tokens(30))
    assert torch.equal(short.train.inputs, long.train.inputs[:, :LONGEST_NAME])
    assert not long.train.inputs[:, LONGEST_NAME:].any()
    one_hot = load(NAMES17, sequence(LONGEST_NAME, VOCABULARY)).validation.inputs
    ids = short.validation.inputs
    assert one_hot.shape == (*ids.shape, VOCABULARY)
    assert torch.equal(one_hot.sum(-1), (ids != PADDING).float())
    assert torch.equal(one_hot.argmax(-1), ids)


@pytest.mark.parametrize("slug", ["names17-gru", "names17-lstm", "names17-rnn"])
def test_the_name_classifiers_fit_and_have_nothing_to_mend(slug: str) -> None:
    found = fit(preset(slug), NAMES17, 64)
    assert found.ok
    assert found.notes == ()


def test_the_lectures_network_is_offered_its_17_classes() -> None:
    problem = fit(preset("names-gru"), NAMES17, 64).problem
    assert problem
    assert "at least 18 ids" in problem.message
    assert problem.fixes[0].label == "change the input to 18 ids, then set out_features = 17 on 3 Linear"
    mended = problem.fixes[0].apply(preset("names-gru"))
    assert trace(mended).params == 318_617


@pytest.mark.parametrize(
    ("layers", "dims", "says", "fix"),
    [
        ([{"kind": "Linear", "out_features": 17}], [1, 28, 28], "must take at least 18 ids", ""),
        (
            [
                {"kind": "Embedding", "num_embeddings": 27, "embedding_dim": 8},
                {"kind": "GRU", "hidden_size": 17, "returns": "last"},
            ],
            [18],
            "1 Embedding knows 27 ids",
            "set num_embeddings = 128 on 1 Embedding",
        ),
        (
            [
                {"kind": "Embedding", "num_embeddings": 128, "embedding_dim": 8},
                {"kind": "GRU", "hidden_size": 16},
            ],
            [18],
            "a text has one class, so the network must give 17 numbers; it gives 18 × 16",
            "set returns = last on 2 GRU, then add Linear(out_features=17) at the end",
        ),
    ],
)
def test_what_does_not_fit_is_offered_repairs(
    layers: list[dict[str, object]], dims: list[int], says: str, fix: str
) -> None:
    dtype = "float32" if len(dims) > 1 else "int64"
    network = Network.model_validate({"input": {"dims": dims, "dtype": dtype}, "layers": layers})
    problem = fit(network, NAMES17, 64).problem
    assert problem
    assert says in problem.message
    labels = [str(found.label) for found in problem.fixes]
    assert not fix or fix in labels, labels
    for found in problem.fixes:
        mended = found.apply(network)
        inputs, targets = load(NAMES17, mended.input).train.inputs[:3], 17
        assert build(trace(mended))(inputs).shape == (3, targets)


def test_a_layer_that_would_read_the_padding_is_said_so() -> None:
    spec = preset("names17-gru").model_dump()
    spec["layers"][0]["padding_idx"] = None
    spec["layers"][1]["packed"] = False
    notes = fit(Network.model_validate(spec), NAMES17, 64).notes
    assert len(notes) == 2
    assert "1 Embedding gives the zeros after a short text a vector" in notes[0]
    assert "2 GRU reads the zeros after a short text too" in notes[1]


def test_a_few_steps_teach_the_classifier_more_than_chance() -> None:
    spec = RunSpec.model_validate(
        {
            "network": preset("names17-gru"),
            "data": NAMES17,
            "optimiser": {"name": "Adam", "learning_rate": 0.003, "momentum": 0.0},
        }
    )
    engine = Engine(spec)
    assert engine.evaluate().accuracy < 0.15
    for _ in range(engine.steps_an_epoch):
        engine.advance()
    found = engine.evaluate()
    assert found.accuracy > 0.45
    assert found.confusion.sum() == DATA_SETS["names17"].samples[1]
    assert found.said.shape == (20,)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("  Müller ", "Muller"),
        ("Łukasiewicz", "Lukasiewicz"),
        ("O’Brien", "O'Brien"),
        ("Größe", "Grosse"),
        ("van  der\tBerg", "van der Berg"),
        ("Dvořák", "Dvorak"),
    ],
)
def test_accents_are_taken_off(text: str, name: str) -> None:
    assert read_name(text) == romanised(text) == name


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "at least one letter"),
        (" \t\n ", "at least one letter"),
        ("\u0301", "at least one letter"),
        ("王小明", "got 王, 小, 明"),
        ("Ann😀", "got 😀"),
        ("Ann\u202eBob", "got U+202E"),
        ("A\x00b", "got U+0000"),
        ("Ann123456", "got 1, 2, 3, …"),
        ("<script>", "got <, >"),
        ("x" * (LONGEST + 1), f"at most {LONGEST} letters, got {LONGEST + 1}"),
        ("x" * 1_000_000, "got 1,000,000"),
        ("é" * 1_000_000, "got 1,000,000"),
    ],
    ids=lambda text: repr(text[:12]),
)
def test_what_is_no_name_is_said_in_words(text: str, says: str) -> None:
    with pytest.raises(NoName) as caught:
        read_name(text)
    assert says in caught.value.message
    assert caught.value.message.say("zh") != str(caught.value.message)
    assert len(caught.value.message) < 250


def test_a_network_that_reads_fewer_letters_says_so() -> None:
    with pytest.raises(NoName, match="at most 18 letters, got 20"):
        read_name("x" * 20, 18)
