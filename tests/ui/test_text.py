"""Foreign text before it reaches a page."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from ui.text import LONGEST, UNPRINTABLE, plain, plotly_text, printable

HOSTILE = (
    "<img src=x onerror=alert(1)><script>alert(1)</script> ![i](http://tracker.example/x.png) "
    "[j](javascript:alert(1)) $x$ :red[r] :material/home: :streamlit: http://a.example **b** `code` ``"
)


@given(st.text() | st.lists(st.sampled_from("`*[]()!<>:$_\\ \n\u202ea"), max_size=40).map("".join))
def test_plain_is_one_code_span_whatever_is_inside(text: str) -> None:
    tokens = MarkdownIt("commonmark").parse(plain(text))
    [inline] = [token for token in tokens if token.type == "inline"]
    assert [child.type for child in inline.children or []] == ["code_inline"]


@given(st.text())
def test_printable_keeps_what_can_be_shown(text: str) -> None:
    shown = printable(text)
    assert len(shown) <= LONGEST
    assert not any(unicodedata.category(sign) in UNPRINTABLE for sign in shown)
    if len(text) <= LONGEST:
        assert len(shown) == len(text)


@pytest.mark.parametrize("sign", ["\x00", "\u202e", "\u200b", "\u2028", "\ue000"])
def test_signs_without_a_face_become_spaces(sign: str) -> None:
    assert printable(f"a{sign}b") == "a b"


def test_plotly_text_has_no_tags() -> None:
    assert "<" not in plotly_text(HOSTILE, limit=1_000)
    assert plotly_text("a < b & c") == "a &lt; b &amp; c"


def test_long_text_ends_with_an_ellipsis() -> None:
    assert printable("x" * 100) == "x" * 79 + "…"
