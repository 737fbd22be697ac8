"""What torch and torchinfo count for a network, beside the closed forms."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from netlib.errors import NetlibError
from netlib.network import Network
from netlib.referee import judge
from netlib.tracing import trace
from netlib.words import words

FAULTY = words(
    "A network with a fault has no verdict: mend {count} of its layers first.",
    "有错误的网络没有核对结果：请先修复其中 {count} 层。",
)


def answer(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `Verdict`, for the network in {"network": JSON text}.

    Raises:
        NetlibError: when the text holds no network, or one with faults.
    """
    traced = trace(Network.from_json(str(payload.get("network", ""))))
    if not traced.ok:
        raise NetlibError(FAULTY, count=len(traced.problems))
    found = asdict(judge(traced))
    return {**found, "rows": list(found["rows"])}
