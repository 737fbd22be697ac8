"""What the pages about a layer share: links that may be hostile, the bench, counted numbers, doors."""

import base64
import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from netlib import BadLink, Network, trace
from netlib.knob import Numbers, Whole, field
from netlib.presets import preset
from netlib.training.value import Value
from ui.lab.away import away, data_for
from ui.lab.bench import Bench, Lab
from ui.lab.counts import counted, sides
from ui.lab.link import MOST_LINK, MOST_TEXT, packed, unpacked


class Setting(Value):
    """A state as a page declares one."""

    filters: int = field(Whole(label="Filters", lo=1, hi=64), 8)
    kernel: tuple[int, ...] = field(Numbers(label="Kernel", lo=1, hi=9, least=2, most=2), (3, 3))


LAB = Lab("test", Setting)


def network_of(setting: Setting) -> Network:
    layer = {"kind": "Conv2d", "out_channels": setting.filters, "kernel_size": list(setting.kernel)}
    return Network.model_validate({"input": {"dims": [3, 5, 5]}, "layers": [layer]})


def link_of(text: bytes, version: str = "1") -> str:
    return f"{version}.{base64.urlsafe_b64encode(zlib.compress(text)).decode().rstrip('=')}"


@given(st.integers(1, 64), st.tuples(st.integers(1, 9), st.integers(1, 9)), st.booleans())
def test_a_bench_survives_its_link(filters: int, kernel: tuple[int, int], keeps: bool) -> None:
    now = Setting(filters=filters, kernel=kernel)
    bench = Bench(now, Setting() if keeps else None)
    link = LAB.link(bench)
    if link is None:
        assert bench == Bench(Setting())
    else:
        assert LAB.read(unpacked(link)) == bench


def test_defaults_are_left_out_of_a_link() -> None:
    assert LAB.link(Bench(Setting())) is None
    assert Bench(Setting(filters=9), Setting()).to_data() == {"now": {"filters": 9}, "kept": {}}


HOSTILE = {
    "no version": "abc",
    "another version": link_of(b"{}", "2"),
    "no base64": "1.#",
    "junk between": "1.e3!!0=",
    "no zlib": "1.AAAA",
    "a list": link_of(b"[]"),
    "no json": link_of(b"{"),
    "too deep": link_of(b"[" * 30_000),
    "a bomb": link_of(b"0" * 10_000_000),
    "too long": "1." + "A" * MOST_LINK,
    "trailing bytes": "1." + base64.urlsafe_b64encode(zlib.compress(b"{}") + b"x").decode(),
    "surrogate": link_of(b'{"\\ud800": 1}'),
}


@pytest.mark.parametrize("link", HOSTILE.values(), ids=HOSTILE)
def test_a_damaged_link_is_refused_in_a_sentence(link: str) -> None:
    with pytest.raises(BadLink) as refused:
        LAB.read(unpacked(link))
    assert refused.value.message.say("zh") != str(refused.value) or refused.value.message.template


@pytest.mark.parametrize(
    "state",
    [
        {"filters": 0},
        {"filters": 65},
        {"filters": True},
        {"filters": "8"},
        {"filters": 8.0},
        {"filters": None},
        {"filters": 10**400},
        {"kernel": [3]},
        {"kernel": [3, 3, 3]},
        {"kernel": {"0": 3}},
        {"kernel": [3, float("nan")]},
        {"padding": 1},
        {"__class__": 1},
        [],
        "",
        7,
    ],
)
def test_a_state_out_of_bounds_is_refused_in_a_sentence(state: Any) -> None:
    for part in ("now", "kept"):
        with pytest.raises(ValidationError) as refused:
            LAB.read({part: state})
        assert "https://" not in str(refused.value)


@settings(max_examples=300)
@given(st.binary(max_size=200))
def test_no_link_does_anything_but_read_or_refuse(body: bytes) -> None:
    for link in (body.decode("latin-1"), "1." + body.decode("latin-1"), link_of(body)):
        try:
            LAB.read(unpacked(link))
        except (BadLink, ValidationError):
            continue


def test_what_is_packed_is_bounded() -> None:
    assert len(packed({"now": {"a": "x" * 100}})) < MOST_LINK < MOST_TEXT


def test_counted_numbers_come_with_their_formulas() -> None:
    found = counted(trace(network_of(Setting())))
    assert found["output"] == {"dims": [8, 3, 3], "axes": "C × H × W"}
    assert found["params"]["value"] == 8 * 3 * 9 + 8
    assert found["params"]["text"] == "8 · 3 · 3 · 3 + 8"
    assert found["macs"]["value"] == 9 * 8 * 3 * 9
    assert found["memory"]["value"] == 8 * 3 * 3 * 4
    assert found["layers"][0]["code"].startswith("nn.Conv2d(3, 8, ")


def test_a_sum_over_layers_is_written_out() -> None:
    traced = trace(preset("net"))
    found = counted(traced)
    assert found["params"] == {"value": traced.params, "text": "260 + 5,020 + 3,210", "symbols": ""}


def test_a_fault_offers_repairs_that_are_states() -> None:
    def state_of(network: Network, before: Setting) -> Setting | None:
        block: Any = network.layers[0]
        size = block.kernel_size
        return (
            before.with_(kernel=size if isinstance(size, tuple) else (size, size))
            if block.padding == 0
            else None
        )

    bench = Bench(Setting(kernel=(9, 9)))
    found = sides(bench, network_of, state_of)["counted"]
    assert not found["ok"]
    assert found["output"] is None
    [fix] = found["problem"]["fixes"]
    assert counted(trace(network_of(LAB.state.model_validate(fix["state"]))))["ok"]


def test_doors_are_open_where_they_lead_somewhere() -> None:
    assert data_for(preset("net")) is not None
    assert data_for(network_of(Setting())) is None
    assert away(network_of(Setting()))["training"] is False
