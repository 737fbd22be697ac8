"""The start page."""

from ui.shell import line, page

page()

from ui.words import tr

line(tr("Change any number in a neural network and watch the rest follow."))
