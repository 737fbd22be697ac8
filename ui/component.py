"""Pictures from files: `picture = load("conv")`, once, in a module of ui/.

A picture is a folder in ui/ with a `view.js` and a `view.css`. Its JavaScript imports the kit, and its own arithmetic
from a `math.js`, like any module; Streamlit loads a component's code from a place where such imports fail, so they are
joined into one module here, which also holds the styles.
"""

import functools
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from netlib.words import Language
from ui.served import PACKAGE, served
from ui.words import language

HERE = Path(__file__).resolve().parent
IMPORT = re.compile(r'^(?:import|export)\s+(?:[\w*\s{},]+?)\s+from\s+"(\.[^"]+)";\n', re.MULTILINE)
LEFT = re.compile(r'^(?:import|export|\})[^\n]*\bfrom\s+".*$|^import\b.*$', re.MULTILINE)
STYLES = ("kit/tokens.css", "kit/kit.css")
STYLE_IMPORT = re.compile(r'^@import "(\.[^"]+)";\n', re.MULTILINE)

Callback = Callable[[], None]
Fixed = Callable[[], Mapping[str, Any]]


class Picture:
    """A picture that pages draw.

    Args:
        folder: its folder in ui/.
        events: names of what lasts one run (`tools.fire(name, value)`), beside the state `settled`.
        fixed: what its data hold besides in a language, whatever the page shows (words, presets, exercises); it is
            made and written once for each language.
    """

    def __init__(self, folder: str, events: tuple[str, ...] = (), fixed: Fixed | None = None) -> None:
        self.folder = folder
        self.events = events
        self._fixed = fixed
        self._said: dict[Language, str] = {}
        self._draw = st.components.v2.component(
            f"{PACKAGE}.{folder}",
            html=f'<div class="picture {folder}"></div>',
            js=served(folder, program(folder)),
        )

    def __call__(self, key: str, data: Mapping[str, Any], **callbacks: Callback) -> Any:
        """Draws the picture; what the browser proposes is then in `st.session_state[key]`.

        Args:
            key: its name in the session; it always needs one, or it is built anew at every change.
            data: what to draw, as JSON; `state`, where there is one, is what the page has accepted. The session's
                language is added as `lang`.
            callbacks: `settled=…` and one for each event, called before the script runs again. What arrives there
                comes from a browser: check its bounds.

        Raises:
            TypeError: for a callback that is neither `settled` nor one of the events.
        """
        names = ("settled", *self.events)
        if unknown := callbacks.keys() - set(names):
            raise TypeError(f"{self.folder} has no {', '.join(sorted(unknown))}; it has {', '.join(names)}")
        listeners: dict[str, Any] = {
            f"on_{name}_change": _while_there(key, callbacks.get(name, _nothing)) for name in names
        }
        return self._draw(key=key, data=self._written(data), **listeners)

    def _written(self, data: Mapping[str, Any]) -> bytes:
        """Everything it is given, as JSON. Streamlit passes bytes on as they are; from an object it would write the
        text twice and look for tables in it, which costs a busy server more than the page's own arithmetic.
        """
        text = _json({**data, "lang": language()})
        fixed = self._fixed_text()
        return (f"{text[:-1]},{fixed[1:]}" if fixed else text).encode()

    def _fixed_text(self) -> str:
        if self._fixed is None:
            return ""
        spoken = language()
        if spoken not in self._said:
            self._said[spoken] = _json(self._fixed())
        return self._said[spoken]


@functools.cache
def load(folder: str, *events: str, fixed: Fixed | None = None) -> Picture:
    """The picture in a folder of ui/, registered once in a process."""
    return Picture(folder, events, fixed)


def _json(data: Mapping[str, Any]) -> str:
    """Raises ValueError for what is no number: no browser could read it."""
    return json.dumps(data, separators=(",", ":"), allow_nan=False)


def program(folder: str) -> str:
    """A picture's whole JavaScript; it brings the picture's styles along."""
    dressed = f"dress({json.dumps(styles(folder), ensure_ascii=False)});"
    return f"{joined(HERE / folder / 'view.js')}\n{dressed}\n"


def styles(folder: str) -> str:
    """The kit's styles, then the picture's own, with what these import by a relative path in its place."""
    return "\n".join(_sheet(HERE / name) for name in (*STYLES, f"{folder}/view.css"))


def _sheet(file: Path) -> str:
    text = file.read_text(encoding="utf-8")
    return STYLE_IMPORT.sub(lambda found: _sheet((file.parent / found[1]).resolve()), text)


def joined(view: Path) -> str:
    """One module with everything that `view` imports by a relative path, each file once, in the order of need.

    Raises:
        ValueError: for an import of what lies outside ui/, or one in a form that cannot be joined.
    """
    pieces: dict[Path, str] = {}
    _collect(view.resolve(), pieces)
    return "\n".join(pieces.values())


def _collect(file: Path, pieces: dict[Path, str]) -> None:
    if file in pieces:
        return
    if not file.is_relative_to(HERE):
        raise ValueError(f"{file} lies outside {HERE}")
    source = file.read_text(encoding="utf-8")
    pieces[file] = ""  # a circle of imports ends here; what it holds is written below
    for target in IMPORT.findall(source):
        _collect((file.parent / target).resolve(), pieces)
    del pieces[file]
    pieces[file] = IMPORT.sub("", source)
    if left := LEFT.search(pieces[file]):
        raise ValueError(f"{file.name}: this import cannot be joined: {left.group().strip()}")


def _while_there(key: str, callback: Callback) -> Callback:
    """The callback, which is silent once its picture has left the page: a message may still have been on its way."""

    def heard() -> None:
        if key in st.session_state:
            callback()

    return heard


def _nothing() -> None:
    """Streamlit wants a listener for every name."""
