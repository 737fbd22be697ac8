"""From a traced network to a program anyone can run: torch, and nothing of ours.

The program is printed without importing torch; the classes that PyTorch does not ship are copied
from the text of `netlib.modules`.
"""

import ast
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from netlib.nodes import Call, Chain, Fork, Tap
from netlib.tensortype import SPATIAL, TensorType
from netlib.tracing import Step, Trace

MERGES = {"add": "Sum", "concat": "Concat", "multiply": "Product"}


def source(trace: Trace, title: str = "A network") -> str:
    """A complete program that defines `make_model()`; line by line the network's own modules.

    Built under the same seed it is bit-equal to what `build` gives, since it constructs the same
    layers in the same order.

    Raises:
        ValueError: when the network has problems.
    """
    aux = f"; auxiliary heads add {trace.aux_params:,} parameters in training" if trace.aux_params else ""
    return "\n".join(
        [
            f'"""{_literal(title)}: {trace.params:,} parameters, {trace.macs:,} multiply-accumulates per sample{aux}."""',
            "",
            "import torch",
            "from torch import nn",
            "",
            "",
            definitions(trace),
            "",
            "",
            'if __name__ == "__main__":',
            "    model = make_model().eval()",
            f"    x = {_example(trace.network.input)}",
            "    print(tuple(model(x).shape))",
            "",
        ]
    )


def definitions(trace: Trace) -> str:
    """The classes that the network needs and `make_model()`, for a program that imports `torch` and its `nn`.

    Raises:
        ValueError: when the network has problems.
    """
    if not trace.ok:
        raise ValueError("a network with problems has no program")
    body = list(_lines(trace.root, root=True))
    body[-1] = body[-1].removesuffix(",")
    body[0] = f"return {body[0]}"
    return "\n".join(
        [
            *(f"{_classes()[name]}\n\n" for name in _used(trace)),
            "def make_model() -> nn.Module:",
            f"    # shapes leave out the batch axis; the input is {_shape(trace.network.input)}",
            *(f"    {line}" for line in body),
        ]
    )


def _lines(step: Step, root: bool = False) -> Iterator[str]:
    """The constructor call of a step, one line a layer, each ending in a comma."""
    match step.node:
        case Call() as call:
            yield f"{call},  # {_shape(step.output)}"
        case Chain() if not step.children:
            yield "nn.Identity(),"
        case Tap():
            yield from _wrapped("Tap", step)
        case Chain():
            tapped = root and any(s.is_tap for s in step)
            yield from _wrapped("WithAuxiliary" if tapped else "nn.Sequential", step)
        case Fork(merge=merge):
            out = step.output
            joins_last = (
                merge == "concat" and out is not None and out.layout not in SPATIAL and len(out.dims) > 1
            )
            yield from _wrapped(MERGES[merge], step, f"dim={len(out.dims)}," if joins_last and out else "")


def _wrapped(name: str, step: Step, last: str = "") -> Iterator[str]:
    title = f"  # {step.block.kind}" if step.block and step.path else ""
    yield f"{name}({title}"
    for child in step.children:
        yield from (f"    {line}" for line in _lines(child))
    if last:
        yield f"    {last}"
    yield f"),  # {_shape(step.output)}" if title or isinstance(step.node, Fork) else "),"


def _used(trace: Trace) -> list[str]:
    """Names of the classes of ours that the program needs, in the order of `netlib.modules`."""
    names: set[str] = set()
    for step in trace.root:
        match step.node:
            case Call(fn=fn) as call if not call.is_stock:
                names.add(fn)
            case Fork(merge=merge):
                names.add(MERGES[merge])
            case Tap():
                names |= {"Tap", "WithAuxiliary"}
    return [name for name in _classes() if name in names]


@cache
def _classes() -> dict[str, str]:
    """Class name -> its source text in `netlib.modules`."""
    text = files("netlib").joinpath("modules.py").read_text(encoding="utf-8")
    found = {}
    for item in ast.parse(text).body:
        if isinstance(item, ast.ClassDef):
            found[item.name] = ast.get_source_segment(text, item) or ""
    return found


def _shape(x: TensorType | None) -> str:
    return "?" if x is None else " × ".join(map(str, x.dims))


def _example(x: TensorType) -> str:
    shape = (2, *x.dims)
    return f"torch.zeros({shape}, dtype=torch.int64)" if x.dtype == "int64" else f"torch.rand({shape})"


def _literal(title: str) -> str:
    """A title that cannot end the docstring it stands in."""
    return title.replace("\\", "/").replace('"', "'")
