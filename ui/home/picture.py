"""The picture of the doors; `open` is the name of the door that was opened."""

from ui.component import load

DOORS = load("home", "open")
