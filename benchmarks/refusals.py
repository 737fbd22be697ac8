"""How long a hostile link or JSON text takes to refuse: each bomb's median, and the slowest of all."""

import base64
import json
import statistics
import time
import zlib
from collections.abc import Callable
from functools import partial

from netlib import BadLink, Network

ROUNDS = 9


def main() -> None:
    slowest = 0.0
    for name, attempt in _bombs().items():
        milliseconds = 1e3 * statistics.median(_refused(attempt) for _ in range(ROUNDS))
        slowest = max(slowest, milliseconds)
        print(f"{name:44}{milliseconds:>9.3f} ms")
    print(f"{'slowest refusal':44}{slowest:>9.3f} ms")


def _refused(attempt: Callable[[], Network]) -> float:
    start = time.perf_counter()
    try:
        attempt()
    except BadLink:
        return time.perf_counter() - start
    raise AssertionError("a bomb was taken for a network")


def _link(text: bytes) -> str:
    return f"1.{base64.urlsafe_b64encode(zlib.compress(text, 9)).decode().rstrip('=')}"


def _bombs() -> dict[str, Callable[[], Network]]:
    layer = {"kind": "ReLU"}
    deep: dict[str, object] = dict(layer)
    for _ in range(60):
        deep = {"kind": "Sequential", "layers": [deep]}
    many = json.dumps({"input": {"dims": [8]}, "layers": [layer] * 4_500}).encode()
    wide = json.dumps({"input": {"dims": [1] * 20_000}, "layers": []}).encode()
    wrong = json.dumps({"input": {"dims": [8]}, "layers": [layer] * 1_000 + [{"kind": "Conv9d"}]}).encode()
    texts: dict[str, bytes] = {
        "60,000 opening brackets": b"[" * 60_000,
        "60 layers deep": json.dumps({"input": {"dims": [8]}, "layers": [deep]}).encode(),
        "4,500 layers": many,
        "64 KiB of integers": b"[" + b"1," * 32_000 + b"1]",
        "an integer of 60,000 digits": b'{"input": ' + b"9" * 60_000 + b"}",
        "20,000 axes": wide,
        "1,000 sound layers and a faulty one": wrong,
        "NaN": b'{"input": {"dims": [NaN]}}',
        "a key twice": b'{"input": {"dims": [1]}, "input": {"dims": [2]}}',
    }
    bombs: dict[str, Callable[[], Network]] = {
        name: partial(Network.from_json, text) for name, text in texts.items()
    }
    bombs |= {f"as a link: {name}": partial(Network.from_link, _link(text)) for name, text in texts.items()}
    zeros = _link(b"0" * 10_000_000)
    bombs["a link of 10 MB of zeros"] = partial(Network.from_link, zeros)
    bombs["a link of 16,384 junk characters"] = partial(Network.from_link, "1." + "A" * 16_000)
    bombs["a link of 5 million characters"] = partial(Network.from_link, "1." + "A" * 5_000_000)
    return bombs
