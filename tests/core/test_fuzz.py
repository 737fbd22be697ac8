"""Links and JSON from anywhere: each is a network or a refusal in our words, and nothing else happens."""

import base64
import copy
import json
import random
import time
import zlib
from typing import Any

import pytest
from pydantic import ValidationError

from netlib import KINDS, BadLink, NetlibError, Network, TooBig, trace
from netlib.network import explain
from netlib.presets import preset

SLUGS = ("net", "inception-mnist", "resnet20-cifar", "hello-embedding", "googlenet")
SOUND = [preset(slug) for slug in SLUGS] + [
    Network.of(case.given, case.block) for block in KINDS.values() for case in block.cases()
]
SPECS = [json.loads(network.to_json()) for network in SOUND]
LINKS = [network.to_link() for network in SOUND]

STRANGE: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1,
    3,
    2**31,
    2**63,
    10**30,
    0.5,
    -0.0,
    1e308,
    "",
    "3",
    "same",
    "Conv2d",
    "\x00",
    "é中🦀",
    "x" * 5_000,
    [],
    [[]],
    [1, 2, 3, 4, 5, 6],
    [None],
    {},
    {"kind": "Sequential"},
    {"kind": "Sequential", "layers": [{"kind": "ReLU"}]},
    {"kind": "Parallel", "branches": []},
    {"dims": [1]},
)


def outcome(text: str | bytes) -> str:
    """ "network" or "refused": the two things that may come of a JSON text."""
    try:
        network = Network.from_json(text)
    except BadLink as error:
        assert_said(error)
        return "refused"
    traced = trace(network)
    for step in traced.problems:
        assert step.problem is not None
        assert step.problem.message
        for fix in step.problem.fixes:
            assert isinstance(fix.apply(network), Network)
    assert Network.from_json(network.to_json()) == network
    return "network"


def assert_said(error: NetlibError) -> None:
    """A refusal is one bounded sentence that is not Python's or pydantic's own."""
    said = str(error)
    assert said
    assert len(said) < 600
    for foreign in ("Traceback", "pydantic", "Input should", "object at 0x", "NoneType", "torch"):
        assert foreign not in said
    assert error.message.say("zh")


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Paths of every value inside a spec."""
    found = [path] if path else []
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inside:
        found += places(item, (*path, key))
    return found


def damaged(spec: Any, numbers: random.Random) -> Any:
    """A copy with one to three values exchanged, removed, renamed or repeated."""
    spec = copy.deepcopy(spec)
    for _ in range(numbers.randint(1, 3)):
        known = places(spec)
        if not known:
            return spec
        *way, last = numbers.choice(known)
        holder = spec
        for key in way:
            holder = holder[key]
        match numbers.randint(0, 4):
            case 0:
                del holder[last]
            case 1 if isinstance(holder, dict):
                holder[numbers.choice(["kind", "layers", "dims", "strid", "é"])] = holder.pop(last)
            case 2 if isinstance(holder, list):
                holder.extend([holder[last]] * numbers.choice([1, 5, 300]))
            case _:
                holder[last] = copy.deepcopy(numbers.choice(STRANGE))
    return spec


@pytest.mark.parametrize("seed", range(10))
def test_damaged_json_has_two_outcomes(seed: int) -> None:
    numbers = random.Random(seed)
    seen = {outcome(json.dumps(damaged(numbers.choice(SPECS), numbers))) for _ in range(80)}
    assert seen == {"network", "refused"}


def refusals_of(spec: Any) -> list[str]:
    """What is said against a spec; nothing where it is a network."""
    try:
        trace(Network.model_validate(spec))
    except ValidationError as error:
        return [str(said) for said in explain(error)]
    return []


@pytest.mark.parametrize("seed", range(10))
def test_damaged_values_have_two_outcomes(seed: int) -> None:
    numbers = random.Random(1_000 + seed)
    for _ in range(40):
        refusals = refusals_of(damaged(numbers.choice(SPECS), numbers))
        assert [said for said in refusals if len(said) > 600 or "Input should" in said] == []


@pytest.mark.parametrize("seed", range(10))
def test_damaged_text_has_two_outcomes(seed: int) -> None:
    numbers = random.Random(2_000 + seed)
    for _ in range(40):
        text = bytearray(json.dumps(numbers.choice(SPECS)).encode())
        for _ in range(numbers.randint(1, 4)):
            at = numbers.randrange(len(text))
            match numbers.randint(0, 2):
                case 0:
                    text[at] = numbers.randrange(256)
                case 1:
                    del text[at:]
                    text += b" "
                case _:
                    text[at:at] = numbers.choice([b"[", b"{", b"NaN", b"1e999", b"9" * 40, b'"', b"\xff"])
        outcome(bytes(text))


@pytest.mark.parametrize("seed", range(10))
def test_damaged_links_have_two_outcomes(seed: int) -> None:
    numbers = random.Random(3_000 + seed)
    for _ in range(50):
        link = list(numbers.choice(LINKS))
        for _ in range(numbers.randint(1, 3)):
            at = numbers.randrange(len(link))
            match numbers.randint(0, 2):
                case 0:
                    link[at] = numbers.choice("Aa0_-.=+/ é\n")
                case 1:
                    del link[at]
                    link.append("A")
                case _:
                    link.insert(at, numbers.choice("Aa0_-"))
        try:
            trace(Network.from_link("".join(link)))
        except BadLink as error:
            assert_said(error)


def link_of(text: bytes, version: str = "1") -> str:
    return f"{version}.{base64.urlsafe_b64encode(zlib.compress(text, 9)).decode().rstrip('=')}"


BOMBS: dict[str, str] = {
    "an empty text": "",
    "a version of tomorrow": link_of(b"{}", "2"),
    "no version": link_of(b"{}")[2:],
    "a network of nothing": link_of(b"{}"),
    "a list": link_of(b"[]"),
    "a number": link_of(b"3"),
    "64 MiB of spaces": link_of(b" " * 2**26),
    "brackets without end": link_of(b"[" * 60_000),
    "objects without end": link_of(b'{"a":' * 10_000 + b"1" + b"}" * 10_000),
    "a number without end": link_of(b'{"input":{"dims":[' + b"9" * 50_000 + b"]}}"),
    "NaN": link_of(b'{"input":{"dims":[NaN]}}'),
    "twice the same key": link_of(b'{"input":{"dims":[1]},"input":{"dims":[2]}}'),
    "half a character": link_of(b'{"input":{"dims":[1]},"layers":[{"kind":"\xff"}]}'),
    "a lone surrogate": link_of(b'{"input":{"dims":[1]},"layers":[{"kind":"\\ud800"}]}'),
    "layers without end": link_of(
        b'{"input":{"dims":[1]},"layers":[' + b",".join([b'{"kind":"ReLU"}'] * 4_000) + b"]}"
    ),
    "sequences in sequences": link_of(
        b'{"input":{"dims":[1]},"layers":[' + b'{"kind":"Sequential","layers":[' * 900 + b"]}" * 900 + b"]}"
    ),
    "two streams": link_of(b'{"input":{"dims":[1]}}') + "AAAA",
    "a link without end": "1." + "A" * 10**6,
    "text that is no link": "https://example.org/?n=1.eJw",
}


@pytest.mark.parametrize("link", BOMBS.values(), ids=BOMBS)
def test_hostile_links_are_refused_at_once(link: str) -> None:
    started = time.process_time()
    with pytest.raises(BadLink) as caught:
        Network.from_link(link)
    assert_said(caught.value)
    assert time.process_time() - started < 1.0


def test_the_deepest_and_longest_networks_are_still_read() -> None:
    nested: dict[str, Any] = {"kind": "ReLU"}
    for _ in range(20):
        nested = {"kind": "Sequential", "layers": [nested]}
    assert trace(Network.model_validate({"input": {"dims": [3]}, "layers": [nested]})).ok
    long = Network.model_validate({"input": {"dims": [3]}, "layers": [{"kind": "ReLU"}] * 1_024})
    assert trace(long).ok
    assert Network.from_link(long.to_link()) == long


def varied(numbers: random.Random, layers: int) -> Network:
    """A network that hardly packs: every number in it is another."""
    fields = ("out_channels", "kernel_size", "stride", "padding", "dilation", "in_channels")
    convs = [{"kind": "Conv2d", **{f: numbers.randint(1, 999) for f in fields}} for _ in range(layers)]
    return Network.model_validate({"input": {"dims": [3, 9, 9]}, "layers": convs})


def test_a_link_that_would_be_too_long_is_not_made() -> None:
    network = varied(random.Random(0), 500)
    assert len(network.to_json()) < 64 * 1024
    assert Network.from_link(network.to_link()) == network
    longest = varied(random.Random(0), 1_024)
    with pytest.raises(TooBig, match="at most 65,536"):
        longest.to_link()
    with pytest.raises(BadLink, match="at most 65,536"):
        Network.from_json(longest.to_json())


@pytest.mark.parametrize("network", SOUND[:5], ids=SLUGS)
def test_text_with_a_byte_order_mark_or_spaces_is_read(network: Network) -> None:
    text = network.to_json(indent=2)
    assert Network.from_json(b"\xef\xbb\xbf" + text.encode()) == network
    assert Network.from_json(f"\n  {text}\n") == network
