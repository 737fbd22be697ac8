"""What blocks return once their last convolution gives nothing."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from netlib.errors import NetlibError
from netlib.network import Network
from netlib.threads import one_thread
from netlib.tracing import Trace, trace
from netlib.words import words
from netlib.zeroing import zeroed

MOST_NETWORKS = 4
MOST_MACS = 4_000_000_000
SEED = 0

_FAULTY = words(
    "A block with a fault returns nothing: mend the sum first.", "有错误的块不返回任何结果：请先修复加法。"
)
_LARGE = words(
    "This block is too large to try at once: {macs:,} MACs, at most {most:,}.",
    "这个块过大，无法即时试验：{macs:,} 次乘加，最多 {most:,}。",
)
_COUNT = words("Between 1 and {most} blocks can be tried at once.", "一次可试验 1 到 {most} 个块。")
_NO_CONVOLUTION = words("This block has no convolution.", "这个块没有卷积。")


def answer(payload: Mapping[str, Any]) -> dict[str, Any]:
    """{"blocks": one `Zeroed` for each block of {"blocks": [JSON text, …]}}.

    Raises:
        NetlibError: when a block cannot be tried, in a sentence.
    """
    blocks = payload.get("blocks")
    if not isinstance(blocks, list) or not 1 <= len(blocks) <= MOST_NETWORKS:
        raise NetlibError(_COUNT, most=MOST_NETWORKS)
    with one_thread():
        return {"blocks": [asdict(_tried(trace(Network.from_json(str(text))))) for text in blocks]}


def _tried(traced: Trace) -> Any:
    if not traced.ok:
        raise NetlibError(_FAULTY)
    if traced.macs > MOST_MACS:
        raise NetlibError(_LARGE, macs=traced.macs, most=MOST_MACS)
    return zeroed(traced, last_convolution(traced), SEED)


def last_convolution(traced: Trace) -> str:
    """The path of the last convolution that does not lie on a shortcut.

    Raises:
        NetlibError: when there is none.
    """
    paths = [step.path for step in traced.leaves if step.title == "Conv2d"]
    body = [path for path in paths if ".branches.1" not in f".{path}"]
    if not body:
        raise NetlibError(_NO_CONVOLUTION)
    return body[-1]
