"""The recurrent page's miniature draws states that an RNN with these weights has."""

import random

import torch

from ui.home.unrolled import GAIN, SEED, UNITS, WORD, states


def test_the_miniatures_states_are_those_of_torch() -> None:
    found = states()
    assert found["letters"] == list(WORD)
    alphabet = sorted(set(WORD))
    chance, bound = random.Random(SEED), GAIN / UNITS**0.5
    size = len(alphabet)
    rows = [[chance.uniform(-bound, bound) for _ in range(size + UNITS + 1)] for _ in range(UNITS)]
    weights = torch.tensor(rows, dtype=torch.float64)
    rnn = torch.nn.RNN(size, UNITS).double()
    rnn.load_state_dict(
        {
            "weight_ih_l0": weights[:, :size],
            "weight_hh_l0": weights[:, size:-1],
            "bias_ih_l0": weights[:, -1],
            "bias_hh_l0": torch.zeros(UNITS),
        }
    )
    ids = torch.tensor([alphabet.index(letter) for letter in WORD])
    with torch.no_grad():
        output, _ = rnn(torch.nn.functional.one_hot(ids, size).double())
    torch.testing.assert_close(torch.tensor(found["states"], dtype=torch.float64), output, atol=6e-4, rtol=0)


def test_the_same_letter_leaves_another_state_behind() -> None:
    found = states()
    first, second = (n for n, letter in enumerate(WORD) if letter == "l")
    assert found["states"][first] != found["states"][second]
