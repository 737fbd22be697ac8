"""The convolution page: which cells a window reads, and why the output has the size it has."""

from ui.shell import page

page()

from ui.convolution.explorer import LAB, explorer, heading, warm_up

LAB.open()
heading()
explorer()
warm_up()
