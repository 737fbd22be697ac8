"""The start page: one line that says what this is, and a door into every page."""

from ui.shell import line, open_page, page

page()

from ui.contents import existing
from ui.home.doors import doors
from ui.home.picture import DOORS
from ui.words import tr

line(
    tr("Change any number in a neural network and watch the rest follow."),
    tr(
        "Build it from layers, read its shapes, parameters and multiply-adds, take the PyTorch program, then watch it "
        "learn. Everything runs on this machine."
    ),
)
opened = DOORS("home", {"doors": doors()}).open
for entry in existing():
    if entry.name == opened:
        open_page(entry.name)
