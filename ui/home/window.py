"""What the convolution page's door draws: a window that sweeps over a padded input."""

from netlib import trace
from ui.convolution.layer import network_of
from ui.convolution.state import ConvolutionState

FIRST = ConvolutionState(size=(7, 7), kernel=(3, 3), stride=(2, 2), padding=(1, 1))


def window() -> dict[str, int]:
    """Cells along an edge: {"size", "kernel", "stride", "padding", "output"}; the output as netlib traces it."""
    output = trace(network_of(FIRST)).output
    assert output is not None
    return {
        "size": FIRST.size[0],
        "kernel": FIRST.kernel[0],
        "stride": FIRST.stride[0],
        "padding": FIRST.padding[0],
        "output": output.dims[-1],
    }
