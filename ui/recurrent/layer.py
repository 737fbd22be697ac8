"""The network that a state stands for, the shapes around it, and the question about its values."""

from functools import lru_cache
from typing import Any

from netlib import Network
from ui.recurrent.state import RecurrentState

GATES = {"RNN": 1, "GRU": 3, "LSTM": 4}
HELD = {"RNN": "", "GRU": "rz", "LSTM": "ifo"}
"""The gates that can be held, by their letters."""
MOST_COLUMNS = 10
HEAD_COLUMNS = 6
MOST_UNITS = 24
"""Units of a state that are drawn; the others are counted and recomputed, not shown."""

Shape = tuple[int, ...]


def letters(state: RecurrentState) -> tuple[str, ...]:
    """The word's different letters, by their code points: the ids of the letters."""
    return tuple(sorted(set(state.word)))


def text(state: RecurrentState) -> tuple[str, ...]:
    """The letter of every step."""
    return tuple(state.word[t % len(state.word)] for t in range(state.steps))


def vocabulary(state: RecurrentState) -> int:
    """How many letters are known: what the state says, or more where the word has more."""
    return max(state.vocabulary, len(letters(state)))


def input_size(state: RecurrentState) -> int:
    """How many numbers stand for one letter."""
    return state.width if state.letters == "embedding" else vocabulary(state)


def layers(state: RecurrentState) -> int:
    """A cell is one layer."""
    return state.num_layers if state.form == "layer" else 1


def directions(state: RecurrentState) -> int:
    """A cell in a loop reads forward."""
    return 2 if state.bidirectional and state.form == "layer" else 1


@lru_cache(maxsize=256)
def network_of(state: RecurrentState) -> Network:
    """The layer over the sequence, and the embedding in front of it where the letters come as ids."""
    layer = _layer(state)
    if state.letters == "one-hot":
        return Network.model_validate(
            {"input": {"dims": [state.steps, vocabulary(state)]}, "layers": [layer]}
        )
    table = {"kind": "Embedding", "num_embeddings": vocabulary(state), "embedding_dim": state.width}
    return Network.model_validate(
        {"input": {"dims": [state.steps], "dtype": "int64"}, "layers": [table, layer]}
    )


def _layer(state: RecurrentState) -> dict[str, Any]:
    fields: dict[str, Any] = {"hidden_size": state.hidden_size}
    if not state.bias:
        fields["bias"] = False
    if state.kind == "RNN" and state.nonlinearity != "tanh":
        fields["nonlinearity"] = state.nonlinearity
    if state.form == "cell":
        return {"kind": f"{state.kind}Cell", **fields}
    if state.num_layers > 1:
        fields["num_layers"] = state.num_layers
    if state.bidirectional:
        fields["bidirectional"] = True
    return {"kind": state.kind, **fields}


@lru_cache(maxsize=256)
def with_head(state: RecurrentState) -> Network:
    """The network with scores for every letter behind it, unless its states are as many already."""
    network = network_of(state)
    scores = vocabulary(state)
    if directions(state) * state.hidden_size == scores:
        return network
    head = {"kind": "Linear", "out_features": scores}
    return Network.model_validate(
        {"input": network.input, "layers": [*(block.spec() for block in network.layers), head]}
    )


def shapes(state: RecurrentState) -> dict[str, Shape]:
    """x, output, h_n and, for an LSTM, c_n as torch shapes them, batch included; those of one step for a cell."""
    n, hidden = state.batch, state.hidden_size
    if state.form == "cell":
        found: dict[str, Shape] = {"x": (n, input_size(state)), "h_n": (n, hidden)}
    else:
        time = (n, state.steps) if state.batch_first else (state.steps, n)
        found = {
            "x": (*time, input_size(state)),
            "output": (*time, directions(state) * hidden),
            "h_n": (directions(state) * layers(state), n, hidden),
        }
    if state.kind == "LSTM":
        found["c_n"] = found["h_n"]
    return found


def shown_steps(steps: int) -> tuple[int, ...]:
    """The steps that are drawn: all of a short sequence, the first and the last ones of a long one."""
    if steps <= MOST_COLUMNS:
        return tuple(range(steps))
    tail = MOST_COLUMNS - HEAD_COLUMNS - 1
    return (*range(HEAD_COLUMNS), *range(steps - tail, steps))


def held(state: RecurrentState) -> dict[str, str]:
    """The gates of the state's kind that are held, and at what: {"f": "1"}."""
    wanted = {name: getattr(state, f"hold_{name}") for name in HELD[state.kind]}
    return {name: value for name, value in wanted.items() if value != "free"}


def question(state: RecurrentState) -> dict[str, Any]:
    """What a worker is asked: everything that the values depend on. Batch and batch_first are no part of it."""
    known = letters(state)
    return {
        "kind": state.kind,
        "cell": state.form == "cell",
        "nonlinearity": state.nonlinearity,
        "hidden_size": state.hidden_size,
        "num_layers": layers(state),
        "bidirectional": directions(state) == 2,
        "bias": state.bias,
        "ids": [known.index(letter) for letter in text(state)],
        "vocabulary": vocabulary(state),
        "embedded": state.letters == "embedding",
        "width": state.width,
        "seed": state.seed,
        "gain": state.gain,
        **{f"hold_{name}": value for name, value in held(state).items()},
        "shown": list(shown_steps(state.steps)),
        "units": min(state.hidden_size, MOST_UNITS),
    }
