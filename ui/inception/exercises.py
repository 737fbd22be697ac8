"""What to predict about an Inception module. Every answer is read off a trace of the exercise's own setting."""

from functools import cache
from typing import Any

from netlib import Network, Trace, trace
from ui.inception.layer import LANES, Side, branches_of, network_of
from ui.inception.presets import lecture, paper
from ui.inception.state import InceptionState as State
from ui.lab.exercises import Exercise, Question
from ui.numbers import exact, fixed
from ui.words import tr


def exercises() -> list[Exercise[State]]:
    """The exercises in the session's language, the easy ones first."""
    return [_slide(), _module(), _widths(), _concat(), _break_even(), _widened(), _flat()]


@cache
def _traced(state: State, side: Side) -> Trace:
    return trace(network_of(state, side))


def _of(fields: dict[str, Any]) -> State:
    return State.model_validate(fields)


def _channels(state: State, side: Side) -> int:
    output = _traced(state, side).output
    assert output is not None
    return output.channels


@cache
def _branch(state: State, side: Side, lane: str) -> Trace:
    """One branch as a network of its own."""
    layers = list(branches_of(state, side))[LANES[state.form].index(lane)]
    return trace(Network.model_validate({"input": network_of(state, side).input, "layers": layers}))


def _slide() -> Exercise[State]:
    state = State()
    before, after = _branch(state, "without", "five").macs, _branch(state, "with", "five").macs
    return Exercise(
        "slide",
        tr("The slide's example"),
        tr("32 filters of 5×5 on 192 × 28 × 28; then the same behind 16 filters of 1×1. Biases left out."),
        state,
        (
            Question(tr("How many multiplications without the 1×1?"), (before,)),
            Question(tr("How many with it?"), (after,)),
        ),
        tr(
            "{ratio} times fewer: the 5×5 looks at 16 channels instead of 192.",
            ratio=fixed(before / after, 2),
        ),
    )


def _module() -> Exercise[State]:
    state = State()
    bare, full = _traced(state, "without"), _traced(state, "with")
    return Exercise(
        "module-3a",
        tr("Module 3a"),
        tr("GoogLeNet's first module on 192 × 28 × 28, with its 1×1 layers and without."),
        state,
        (
            Question(tr("How many channels does it hand on with them?"), (_channels(state, "with"),)),
            Question(tr("How many without?"), (_channels(state, "without"),)),
            Question(tr("How many parameters with them?"), (full.params,)),
            Question(tr("How many without?"), (bare.params,)),
        ),
        tr(
            "{ratio} times fewer parameters. The bare pool hands on all it gets.",
            ratio=fixed(bare.params / full.params, 2),
        ),
    )


def _widths() -> Exercise[State]:
    first, second = State(), _of(paper("3b"))
    chained = second.with_(channels=_channels(first, "without"))
    return Exercise(
        "widths",
        tr("Where do the channels go?"),
        tr("Modules 3a and 3b without any 1×1 layer: their pools hand on all channels."),
        chained,
        (
            Question(tr("How many channels does 3a hand on?"), (_channels(first, "without"),), first),
            Question(
                tr("How many does 3b hand on, given 256 as in the paper?"),
                (_channels(second, "without"),),
                second,
            ),
            Question(tr("And given what the bare 3a hands on?"), (_channels(chained, "without"),), chained),
        ),
        tr(
            "A pool cannot drop channels, so every module is wider than the one before. The projection ends that."
        ),
    )


def _concat() -> Exercise[State]:
    state = State(pad5=0)
    output = _branch(state, "with", "five").output
    assert output is not None
    return Exercise(
        "concat",
        tr("A padding forgotten"),
        tr("Module 3a, and the 5×5 branch has no padding."),
        state,
        (
            Question(tr("What shape does the 5×5 branch give?"), output.dims),
            Question(tr("Which padding lets the branches join?"), (_padding(state),), State()),
        ),
        tr("Concat stacks channels and adds nothing up: height and width must be the same in every branch."),
    )


def _padding(state: State) -> int:
    """The padding of the 5×5 branch with which the module runs."""
    return next(p for p in range(5) if _traced(state.with_(pad5=p), "with").ok)


def _break_even() -> Exercise[State]:
    state = State()
    most = _most_paying(state)
    return Exercise(
        "break-even",
        tr("When does a 1×1 pay?"),
        tr("The 5×5 branch of module 3a: 192 channels in, 32 filters."),
        state.with_(red5=most),
        (Question(tr("How many 1×1 filters still save MACs?"), (most,)),),
        tr(
            "r·(Cin + 25·Cout) must stay below 25·Cin·Cout. The paper takes {r}: far below it.",
            r=exact(state.red5),
        ),
    )


@cache
def _most_paying(state: State) -> int:
    """The largest reduction before the 5×5 with which the branch needs fewer MACs than without one."""
    bare = _branch(state, "without", "five").macs
    return max(
        r for r in range(1, state.channels) if _branch(state.with_(red5=r), "with", "five").macs < bare
    )


def _widened() -> Exercise[State]:
    state = _of(lecture(10, 12))
    full, bare = _traced(state, "with").params, _traced(state, "without").params
    return Exercise(
        "widened",
        tr("A 1×1 that widens"),
        tr("The lecture's InceptionA on 10 × 12 × 12: its 1×1 layers have 16 filters."),
        state,
        (
            Question(tr("How many parameters has it?"), (full,)),
            Question(tr("How many without the 1×1 layers?"), (bare,)),
            Question(tr("How many channels does it hand on?"), (_channels(state, "with"),)),
        ),
        tr("16 filters on 10 channels make the input wider, not thinner: here the 1×1 layers cost."),
    )


def _flat() -> Exercise[State]:
    state = _of(lecture(20, 4))
    output = _traced(state, "with").output
    assert output is not None
    return Exercise(
        "flat",
        tr("Into the classifier"),
        tr("The lecture's second InceptionA on 20 × 4 × 4, then Flatten and Linear."),
        state,
        (
            Question(tr("What shape does the block give?"), output.dims),
            Question(tr("How many features reach the Linear layer?"), (output.numel,)),
        ),
        tr("Flatten multiplies channels, height and width."),
    )
