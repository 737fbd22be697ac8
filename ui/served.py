"""A picture's program as a file that browsers fetch once, instead of a text in every message.

Streamlit puts a component's JavaScript into each message that draws it: a hundred kilobytes and more for every move of a
slider. What a component of an installed package has as a file it names instead. This app is started from its folder and
never installed, so its pictures are declared here, as such a package's would be.
"""

import contextlib
import hashlib
import os
from pathlib import Path

from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest
from streamlit.runtime import Runtime

from netlib.training.store.place import data_folder

PACKAGE = "explorer"


def served(picture: str, program: str) -> str:
    """What a component is given as its `js`: the name of a file with the program, where one can be served.

    The name changes with the program, so that no browser keeps an old one. Without a server (in a test of a page's
    script) or without a place to write to, the program itself comes back, and goes with every message.

    Args:
        picture: the component's name within `PACKAGE`.
        program: JavaScript, of more than one line.
    """
    if not _serves():
        return program
    name = f"{hashlib.blake2s(program.encode(), digest_size=8).hexdigest()}.js"
    root = data_folder() / "pictures"
    try:
        _write(root / picture / name, program)
    except OSError:
        return program
    manifest = ComponentManifest(PACKAGE, "", [ComponentConfig(picture, asset_dir=picture)])
    get_bidi_component_manager().register_from_manifest(manifest, root)
    return name


def _serves() -> bool:
    """Whether a server runs here; Streamlit's tests of a script put something else in its place."""
    return Runtime.exists() and type(Runtime.instance()) is Runtime


def _write(file: Path, program: str) -> None:
    """Whole or not at all: another server may read it at any moment."""
    if file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(f".{os.getpid()}")
    try:
        partial.write_text(program, encoding="utf-8")
        partial.replace(file)
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
