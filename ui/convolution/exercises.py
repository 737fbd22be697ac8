"""What to predict about one layer. Every answer is read off the trace of the exercise's own setting."""

from functools import cache

from netlib import Network, Trace, trace
from netlib.editing import with_input
from netlib.presets import preset
from ui.convolution.layer import network_of
from ui.convolution.state import ConvolutionState as State
from ui.lab.exercises import Exercise, Question
from ui.words import tr


def exercises() -> list[Exercise[State]]:
    """The exercises in the session's language, the easy ones first."""
    return [
        _first_layer(),
        _floor(),
        _stem(),
        _even_same(),
        _ceil(),
        _pool(),
        _linear(),
        _costs(),
        _fully_connected(),
        _three_or_one(),
    ]


@cache
def _traced(state: State) -> Trace:
    return trace(network_of(state))


def _sizes(state: State) -> tuple[int, ...]:
    output = _traced(state).output
    assert output is not None
    return output.spatial


def _side(state: State) -> tuple[int]:
    return (_sizes(state)[0],)


def _unread(state: State) -> tuple[int]:
    """Rows at the end of the padded input that no window reads."""
    [window] = {(state.kernel[0], state.stride[0], state.padding[0], state.dilation[0])}
    kernel, stride, padding, dilation = window
    last = (_sizes(state)[0] - 1) * stride + dilation * (kernel - 1) + 1
    return (max(0, state.size[0] + 2 * padding - last),)


def _weight(state: State) -> tuple[int, ...]:
    return (state.filters, state.channels // state.groups, *state.kernel)


def _first_layer() -> Exercise[State]:
    state = State(size=(100, 100), channels=5, filters=10, stride=(1, 1), padding=(0, 0))
    return Exercise(
        "first-layer",
        tr("The notes' first layer"),
        tr("Conv2d(5, 10, kernel_size=3) on 5 × 100 × 100."),
        state,
        (
            Question(tr("What is the shape of the weight?"), _weight(state)),
            Question(tr("How many parameters has it?"), (_traced(state).params,)),
            Question(tr("How large is the output?"), (state.filters, *_sizes(state))),
        ),
        tr(
            "Filters first, then the channels each filter sees, then height and width; one bias for each filter."
        ),
    )


def _floor() -> Exercise[State]:
    state = State(size=(8, 8), stride=(2, 2), padding=(0, 0))
    smaller = state.with_(size=(7, 7))
    return Exercise(
        "floor",
        tr("What the floor drops"),
        tr("An 8 × 8 input, kernel 3, stride 2, no padding."),
        state,
        (
            Question(tr("How large is the output along one side?"), _side(state)),
            Question(tr("How many rows are never read?"), _unread(state)),
            Question(tr("And how large is the output of a 7 × 7 input?"), _side(smaller), smaller),
        ),
        tr(
            "The window stops where the next step would leave the input; what lies behind is not read at all."
        ),
    )


def _stem() -> Exercise[State]:
    state = State(size=(224, 224), channels=3, filters=64, kernel=(7, 7), stride=(2, 2), padding=(3, 3))
    return Exercise(
        "stem",
        tr("The ImageNet stem"),
        tr("3 × 224 × 224, 64 filters of 7 × 7, stride 2, padding 3."),
        state,
        (
            Question(tr("How large is the output along one side?"), _side(state)),
            Question(tr("How many rows of the padded input are never read?"), _unread(state)),
        ),
        tr("The row that is dropped is padding, so nothing of the picture is lost."),
    )


def _even_same() -> Exercise[State]:
    state = State(size=(7, 7), kernel=(4, 4), stride=(1, 1), padding=(1, 1))
    wider, same = state.with_(padding=(2, 2)), state.with_(pad="same")
    return Exercise(
        "even-same",
        tr("'same' with an even kernel"),
        tr("A 7 × 7 input, kernel 4, stride 1."),
        same,
        (
            Question(tr("Output side with padding 1?"), _side(state), state),
            Question(tr("With padding 2?"), _side(wider), wider),
            Question(tr("With padding='same'?"), _side(same), same),
        ),
        tr(
            "No whole number on both sides keeps the size: 'same' puts one cell more at the end than at the start. With "
            "stride 2, 'same' is refused."
        ),
    )


def _ceil() -> Exercise[State]:
    state = State(
        layer="max",
        size=(112, 112),
        channels=64,
        kernel=(3, 3),
        stride=(2, 2),
        padding=(0, 0),
        ceil_mode=True,
    )
    down = state.with_(ceil_mode=False)
    return Exercise(
        "ceil",
        tr("Rounding up"),
        tr("64 × 112 × 112, MaxPool2d(3, stride=2)."),
        state,
        (
            Question(tr("Output side as it is?"), _side(down), down),
            Question(tr("Output side with ceil_mode=True?"), _side(state)),
        ),
        tr("Rounding up lets the last window hang over the end; GoogLeNet's pools do so."),
    )


def _pool() -> Exercise[State]:
    state = State(
        layer="max", size=(24, 24), channels=10, kernel=(2, 2), stride=(2, 2), padding=(0, 0), at=(0, 0)
    )
    return Exercise(
        "pool",
        tr("A pool has no weights"),
        tr("10 × 24 × 24, MaxPool2d(2)."),
        state,
        (
            Question(tr("How many parameters has it?"), (_traced(state).params,)),
            Question(tr("How large is the output along one side?"), _side(state)),
        ),
        tr("Pooling learns nothing, and when no stride is said it moves as far as its window is wide."),
    )


def _linear() -> Exercise[State]:
    state = State(
        layer="max", size=(8, 8), channels=20, kernel=(2, 2), stride=(2, 2), padding=(0, 0), at=(0, 0)
    )
    larger = state.with_(size=(10, 10))
    net = preset("net")
    return Exercise(
        "linear",
        tr("Why 320?"),
        tr("The notes' Net ends with this pool on 20 × 8 × 8, then Flatten and Linear."),
        state,
        (
            Question(tr("How many features reach the Linear layer?"), (_features(net),), state),
            Question(
                tr("And when the images are 32 × 32 instead of 28 × 28?"),
                (_features(with_input(net, dims=[1, 32, 32])),),
                larger,
            ),
        ),
        tr(
            "Flatten multiplies channels, height and width; that is why a Linear layer fits one image size only."
        ),
    )


def _features(network: Network) -> int:
    flat = next(step for step in trace(network).steps if step.title == "Flatten")
    assert flat.output is not None
    return flat.output.numel


def _costs() -> Exercise[State]:
    large = State(size=(224, 224), channels=64, filters=64, stride=(1, 1), padding=(1, 1))
    small = large.with_(size=(7, 7))
    return Exercise(
        "costs",
        tr("Parameters are not FLOPs"),
        tr("64 filters of 3 × 3 on 64 channels, padding 1, on 224 × 224 and on 7 × 7."),
        large,
        (
            Question(tr("How many parameters on 224 × 224?"), (_traced(large).params,), large),
            Question(tr("How many parameters on 7 × 7?"), (_traced(small).params,), small),
            Question(tr("How many MACs on 7 × 7?"), (_traced(small).macs,), small),
            Question(
                tr("How many times as many MACs on 224 × 224?"),
                (_traced(large).macs // _traced(small).macs,),
                large,
            ),
        ),
        tr("The weights are the same at every place; the work is done once for each place."),
    )


def _fully_connected() -> Exercise[State]:
    state = State(
        size=(7, 7),
        channels=512,
        filters=4096,
        kernel=(7, 7),
        stride=(1, 1),
        padding=(0, 0),
        bias=False,
        at=(0, 0),
    )
    return Exercise(
        "fully-connected",
        tr("Fully connected, as a convolution"),
        tr("4,096 filters of 7 × 7 on 512 × 7 × 7, without bias: VGG's first Linear layer."),
        state,
        (
            Question(tr("How many weights?"), (_traced(state).params,)),
            Question(tr("How many MACs?"), (_traced(state).macs,)),
        ),
        tr("A kernel as large as its input has one place to stand: every weight is used once."),
    )


def _three_or_one() -> Exercise[State]:
    three = State(
        view="stack", size=(16, 16), channels=64, filters=64, stride=(1, 1), padding=(1, 1), bias=False
    )
    one = three.with_(kernel=(7, 7), padding=(3, 3), stack=())
    return Exercise(
        "three-or-one",
        tr("Three 3×3 or one 7×7"),
        tr("64 channels, stride 1, padding that keeps the size, no bias."),
        three,
        (
            Question(tr("How wide is the receptive field of three 3×3 layers?"), _field(three), three),
            Question(tr("How wide is that of one 7×7 layer?"), _field(one), one),
            Question(tr("How many weights have the three?"), (_traced(three).params,), three),
            Question(tr("How many has the one?"), (_traced(one).params,), one),
        ),
        tr(
            "The same field from fewer weights, and with two more activations in between (Simonyan and Zisserman 2014)."
        ),
    )


def _field(state: State) -> tuple[int]:
    """Input cells along one side that a unit behind the last layer depends on."""
    reach = _traced(state).leaves[-1].reach
    assert reach is not None
    assert reach.axes is not None
    return (reach.axes[0].size,)
