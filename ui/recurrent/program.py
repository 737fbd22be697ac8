"""The program behind the picture: run it, and torch prints the states that the page shows."""

from ui.recurrent.layer import directions, held, input_size, layers, letters, text, vocabulary
from ui.recurrent.state import RecurrentState


def program(state: RecurrentState) -> str:
    """A complete program with the page's seed, weights and word; it needs torch only."""
    known = letters(state)
    ids = [known.index(letter) for letter in text(state)]
    lines = ["import torch", "from torch import nn", ""]
    if gates := held(state):
        names = ", ".join(f"{name} at {value}" for name, value in gates.items())
        lines += [f"# The page holds {names}; this layer works its gates out.", ""]
    lines += [
        f"torch.manual_seed({state.seed})",
        f"rnn = {call(state)}",
    ]
    if state.letters == "embedding":
        lines.append(f"embedding = nn.Embedding({vocabulary(state)}, {state.width})")
    if state.gain > 1:
        lines += [
            "with torch.no_grad():",
            "    for weight in rnn.parameters():",
            f"        weight.mul_({state.gain})",
        ]
    lines += ["", f"letters = {list(known)!r}", f"ids = torch.tensor({ids})  # (T,)"]
    if state.letters == "embedding":
        lines.append("x = embedding(ids)  # (T, I)")
    else:
        lines.append(f"x = nn.functional.one_hot(ids, {vocabulary(state)}).float()  # (T, I)")
    return "\n".join([*lines, *(_looped(state) if state.form == "cell" else _called(state))]) + "\n"


def call(state: RecurrentState) -> str:
    """The module as a call, defaults left out."""
    options = ""
    if state.form == "layer" and layers(state) > 1:
        options += f", num_layers={layers(state)}"
    if state.kind == "RNN" and state.nonlinearity != "tanh":
        options += f", nonlinearity={state.nonlinearity!r}"
    if not state.bias:
        options += ", bias=False"
    if state.form == "layer" and state.batch_first:
        options += ", batch_first=True"
    if directions(state) == 2:
        options += ", bidirectional=True"
    name = state.kind if state.form == "layer" else f"{state.kind}Cell"
    return f"nn.{name}({input_size(state)}, {state.hidden_size}{options})"


def _called(state: RecurrentState) -> list[str]:
    axis, order = (0, "(N, T, I)") if state.batch_first else (1, "(T, N, I)")
    repeats = f"{state.batch}, 1, 1" if state.batch_first else f"1, {state.batch}, 1"
    last = "(h_n, c_n)" if state.kind == "LSTM" else "h_n"
    shapes = "output.shape, h_n.shape" + (", c_n.shape" if state.kind == "LSTM" else "")
    word = "output[0]" if state.batch_first else "output[:, 0]"
    return [
        f"x = x.unsqueeze({axis}).repeat({repeats})  # {order}: the word, N times",
        "",
        f"output, {last} = rnn(x)",
        f"print({shapes})",
        f"print({word})  # (T, D·H): the top layer at every step",
    ]


def _looped(state: RecurrentState) -> list[str]:
    state_names = "h, c = state" if state.kind == "LSTM" else "h = state"
    return [
        f"x = x.unsqueeze(1).repeat(1, {state.batch}, 1)  # (T, N, I): the word, N times",
        "",
        "state = None  # zeros",
        "for x_t in x:",
        "    state = rnn(x_t, state)",
        f"    {state_names}  # (N, H)",
        "    print(h[0])",
    ]
