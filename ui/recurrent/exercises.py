"""What to predict about recurrent layers. Every answer is traced, or read off the shapes that torch gives."""

from netlib import Network, trace
from netlib.presets import preset
from ui.lab.exercises import Exercise, Question
from ui.recurrent.layer import network_of, shapes
from ui.recurrent.presets import PRESETS
from ui.recurrent.state import RecurrentState as State
from ui.words import tr

LARGE_VOCABULARY = 10_000


def exercises() -> list[Exercise[State]]:
    """The exercises in the session's language, the easy ones first."""
    return [
        _lecture(),
        _cell(),
        _layers(),
        _batch_first(),
        _both(),
        _shared(),
        _gates(),
        _embedded(),
        _encoding(),
        _names(),
    ]


def _preset(label: str, **changes: object) -> State:
    found = next(preset for preset in PRESETS if preset.label == label)
    return State.model_validate({**found.changes, "seed": 0, "gain": 3, "at": [0, 0, 0, 0], **changes})


def _params(state: State) -> tuple[int]:
    return (trace(network_of(state)).params,)


def _macs(state: State) -> tuple[int]:
    return (trace(network_of(state)).macs,)


def _lecture() -> Exercise[State]:
    state = _preset("4-2-3")
    return Exercise(
        "lecture",
        tr("The lecture's demo"),
        tr("RNN(4, 2) over 3 steps, a batch of 1: x is 3 × 1 × 4."),
        state,
        (
            Question(tr("What is the shape of output?"), shapes(state)["output"]),
            Question(tr("And of h_n?"), shapes(state)["h_n"]),
            Question(tr("How many parameters has it?"), _params(state)),
            Question(tr("How many MACs for the three steps?"), _macs(state)),
        ),
        tr("2·4 + 2·2 weights and two bias vectors of 2: PyTorch keeps one beside each product."),
    )


def _cell() -> Exercise[State]:
    state = _preset("4-2-3", form="cell")
    one = state.with_(steps=1)
    return Exercise(
        "cell",
        tr("A cell in a loop"),
        tr("RNNCell(4, 2), called once a step, with a batch of 1."),
        state,
        (
            Question(tr("What is the shape of the state after a step?"), shapes(state)["h_n"]),
            Question(tr("How many parameters has it?"), _params(state)),
            Question(tr("How many MACs for one step?"), _macs(one), one),
        ),
        tr(
            "The layer does nothing else: with the same weights, the loop and the layer give the same states."
        ),
    )


def _layers() -> Exercise[State]:
    state = _preset("2 layers")
    return Exercise(
        "layers",
        tr("Two layers"),
        tr("RNN(4, 2, num_layers=2) over 3 steps, a batch of 1."),
        state,
        (
            Question(tr("What is the shape of output?"), shapes(state)["output"]),
            Question(tr("And of h_n?"), shapes(state)["h_n"]),
            Question(tr("How many parameters has it?"), _params(state)),
            Question(tr("How many MACs?"), _macs(state)),
        ),
        tr("output keeps every step of the top layer; h_n keeps the last step of every layer."),
    )


def _batch_first() -> Exercise[State]:
    state = _preset("batch-first")
    return Exercise(
        "batch-first",
        tr("batch_first"),
        tr("RNN(4, 2, batch_first=True) over 3 steps, a batch of 1."),
        state,
        (
            Question(tr("What is the shape of x?"), shapes(state)["x"]),
            Question(tr("What is the shape of output?"), shapes(state)["output"]),
            Question(tr("And of h_n?"), shapes(state)["h_n"]),
        ),
        tr("Only x and output turn. h_n and an h_0 that you hand over keep layers first, then the batch."),
    )


def _both() -> Exercise[State]:
    state = _preset("bidirectional")
    return Exercise(
        "both-directions",
        tr("Both directions"),
        tr("RNN(4, 2, num_layers=2, bidirectional=True) over 3 steps, a batch of 1."),
        state,
        (
            Question(tr("What is the shape of output?"), shapes(state)["output"]),
            Question(tr("And of h_n?"), shapes(state)["h_n"]),
            Question(tr("How many parameters has it?"), _params(state)),
            Question(tr("How many MACs?"), _macs(state)),
        ),
        tr(
            "The second layer reads 2·H numbers. The backward lane ends at t = 0: its last state is output[0][:, H:], "
            "and output[-1] holds its first."
        ),
    )


def _shared() -> Exercise[State]:
    short = _preset("50 steps", steps=5)
    long = _preset("50 steps")
    return Exercise(
        "shared",
        tr("One set of weights"),
        tr("RNN(4, 4) over 5 steps, then over 50."),
        long,
        (
            Question(tr("How many parameters with 5 steps?"), _params(short), short),
            Question(tr("How many parameters with 50 steps?"), _params(long), long),
            Question(tr("How many MACs with 5 steps?"), _macs(short), short),
            Question(tr("How many MACs with 50 steps?"), _macs(long), long),
        ),
        tr("Every step uses the same weights: a longer sequence costs time, not parameters."),
    )


def _gates() -> Exercise[State]:
    kinds = [_preset("50 steps", steps=5, kind=kind) for kind in ("RNN", "GRU", "LSTM")]
    return Exercise(
        "gates",
        tr("One, three, four"),
        tr("Input size 4, hidden size 4, one layer."),
        kinds[-1],
        tuple(
            Question(tr("How many parameters has the {kind}?", kind=state.kind), _params(state), state)
            for state in kinds
        ),
        tr(
            "Each gate, and the proposal, has weights of its own of the size of an RNN's: 3 in a GRU, 4 in an LSTM."
        ),
    )


def _embedded() -> Exercise[State]:
    kinds = [_preset("hello LSTM", kind=kind) for kind in ("RNN", "GRU", "LSTM")]
    return Exercise(
        "embedded",
        tr("An embedding in front"),
        tr("Embedding(4, 10), then two layers with hidden size 8."),
        kinds[-1],
        (
            Question(tr("How many parameters has the embedding?"), (_table(kinds[0]),)),
            *(
                Question(
                    tr("How many have the two layers as {kind}?", kind=state.kind),
                    (_params(state)[0] - _table(state),),
                    state,
                )
                for state in kinds
            ),
        ),
        tr("The first layer reads 10 numbers, the second 8."),
    )


def _table(state: State) -> int:
    return next(step.params for step in trace(network_of(state)).leaves if step.title == "Embedding")


def _encoding() -> Exercise[State]:
    state = _preset("hello LSTM", kind="RNN", num_layers=1)
    recurrent = {"kind": "RNN", "hidden_size": 8}
    table = {"kind": "Embedding", "num_embeddings": LARGE_VOCABULARY, "embedding_dim": 10}
    hot = Network.model_validate({"input": {"dims": [5, LARGE_VOCABULARY]}, "layers": [recurrent]})
    ids = Network.model_validate({"input": {"dims": [5], "dtype": "int64"}, "layers": [table, recurrent]})
    return Exercise(
        "encoding",
        tr("One-hot or embedding"),
        tr("A vocabulary of {n} words in front of an RNN with hidden size 8.", n=f"{LARGE_VOCABULARY:,}"),
        state,
        (
            Question(tr("How wide is a one-hot word?"), (hot.input.dims[-1],)),
            Question(tr("MACs for 5 one-hot words?"), (trace(hot).macs,)),
            Question(tr("And through an embedding of 10?"), (trace(ids).macs,)),
        ),
        tr(
            "Looking up a row gives what multiplying a one-hot row by the table would give, without the multiplications."
        ),
    )


def _names() -> Exercise[State]:
    state = _preset("names")
    gru = next(step for step in trace(preset("names-gru")).leaves if step.title == "GRU")
    return Exercise(
        "names",
        tr("The name classifier"),
        tr("GRU(100, 100, num_layers=2, bidirectional=True) over 10 letters."),
        state,
        (
            Question(tr("How many parameters has the GRU?"), (gru.params,)),
            Question(tr("How many MACs has it?"), (gru.macs,)),
            Question(tr("What is the shape of h_n for a batch of 1?"), shapes(state)["h_n"]),
        ),
        tr("Two layers in two directions are four lanes; the second layer reads 200 numbers."),
    )
