"""States of the recurrent page for property tests."""

from hypothesis import strategies as st

from ui.recurrent.state import MOST_LETTERS, RecurrentState

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.sampled_from("hello 中"),
    min_size=1,
    max_size=MOST_LETTERS,
).filter(str.isprintable)


@st.composite
def states(draw: st.DrawFn) -> RecurrentState:
    """Any state that the page can show."""
    return RecurrentState(
        kind=draw(st.sampled_from(["RNN", "GRU", "LSTM"])),
        form=draw(st.sampled_from(["layer", "cell"])),
        nonlinearity=draw(st.sampled_from(["tanh", "relu"])),
        hidden_size=draw(st.integers(1, 128)),
        num_layers=draw(st.integers(1, 3)),
        bidirectional=draw(st.booleans()),
        batch_first=draw(st.booleans()),
        bias=draw(st.booleans()),
        word=draw(WORDS),
        steps=draw(st.integers(1, 50)),
        batch=draw(st.integers(1, 64)),
        letters=draw(st.sampled_from(["one-hot", "embedding"])),
        vocabulary=draw(st.integers(1, 128)),
        width=draw(st.integers(1, 128)),
        seed=draw(st.integers(0, 9_999)),
        gain=draw(st.integers(1, 8)),
        at=tuple(draw(st.integers(0, 128)) for _ in range(4)),
    )
