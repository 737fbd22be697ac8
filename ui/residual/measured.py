"""What only PyTorch can say: the gradient in each layer, and what a zeroed block returns. Workers are asked for both."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from netlib import Message, Trace, trace
from ui import workers
from ui.residual.network import network_of, plain_of, small, stack, stem_layers
from ui.residual.state import ResidualState
from ui.training.answers import answers
from ui.words import tr

SEEDS = 5
"""Drawings of the weights that the band is taken over."""
PATIENCE = 240.0
"""Seconds that an answer may take; the first waits until PyTorch is warm."""

Data = dict[str, Any]
Question = tuple[str, Data]


@lru_cache(maxsize=64)
def gradient_question(state: ResidualState) -> Question:
    """The stack without and, where the sum works, with its shortcuts."""
    networks = [stack(state, residual=False)]
    if trace(network_of(state)).ok:
        networks.append(stack(state, residual=True))
    seeds = list(range(state.seed, state.seed + SEEDS))
    return "gradients", {"networks": [network.to_json() for network in networks], "seeds": seeds}


@lru_cache(maxsize=64)
def zeroed_question(state: ResidualState) -> Question:
    """The block without and, where the sum works, with its shortcut, on a small input."""
    tried = small(state)
    blocks = [plain_of(tried)]
    if trace(network_of(tried)).ok:
        blocks.append(network_of(tried))
    return "zeroed", {"blocks": [block.to_json() for block in blocks]}


def ask(questions: list[Question], again: bool = False) -> None:
    """Asks what nobody has asked yet; `again` for what came to nothing."""
    pool = workers.pool()
    for question, payload in questions:
        failed = isinstance(answers().known(question, payload), Message)
        answers().ask(pool, question, payload, PATIENCE, again=again and failed)


def known(question: Question) -> Mapping[str, Any] | Message | None:
    """The answer, a sentence where there is none, None while it is on its way."""
    return answers().known(*question)


def gradients(state: ResidualState) -> Data | None:
    """The two curves as the picture draws them; {"says"} with a refusal; None while nobody has measured."""
    answer = known(gradient_question(state))
    if answer is None:
        return None
    if isinstance(answer, Message):
        return {"says": tr(answer)}
    networks = [stack(state, residual=flag) for flag in (False, True)]
    curves = [
        curve(trace(network), runs, stem_layers(state), state.depth)
        for network, runs in zip(networks, answer["runs"], strict=False)
    ]
    return {
        "samples": answer["samples"],
        "rate": answer["rate"],
        "seeds": SEEDS,
        "depth": state.depth,
        "norm": state.norm,
        "plain": curves[0],
        "residual": curves[1] if len(curves) > 1 else None,
    }


def curve(traced: Trace, runs: list[Data], first: int, depth: int) -> Data:
    """{"norms": for each layer one value a seed, "moved": likewise, "factor": what a block leaves of the gradient}.

    Shortcuts are left out, so that the layers of both nets stand under each other. The factor is the geometric mean
    over blocks and seeds; null where a gradient is 0 or no number.
    """
    main = [at for at, layer in enumerate(runs[0]["layers"]) if not on_shortcut(layer["path"])]
    picked = [[run["layers"][at] for run in runs] for at in main]
    names = [traced.where(traced.step(layers[0]["path"])) for layers in picked]
    return {
        "norms": [[layer["norm"] for layer in layers] for layers in picked],
        "moved": [[layer["moved"] for layer in layers] for layers in picked],
        "names": names,
        "factor": _factor([run["flows"] for run in runs], first, depth),
    }


def on_shortcut(path: str) -> bool:
    """Whether a layer lies on the second branch of a sum."""
    return "branches.1" in path


def _factor(flows: list[list[float | None]], first: int, depth: int) -> float | None:
    """The gradient behind the stem over the one behind the last block, per block."""
    product = 1.0
    for flow in flows:
        front, back = flow[first - 1], flow[first + depth - 1]
        if not front or not back:
            return None
        product *= (front / back) ** (1 / (depth * len(flows)))
    return product


def zeros(state: ResidualState) -> Data | None:
    """What the two blocks return with their last convolution at 0, like `gradients`; asked where the state says so."""
    answer = known(zeroed_question(state))
    if answer is None:
        return None
    if isinstance(answer, Message):
        return {"says": tr(answer)}
    plain, *residual = answer["blocks"]
    return {"plain": plain, "residual": residual[0] if residual else None, "size": small(state).size}
