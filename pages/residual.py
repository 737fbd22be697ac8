"""The residual page: a block without and with its shortcut, and how the gradient runs back through many of them."""

from ui.shell import page

page()

from ui.residual.explorer import LAB, explorer, heading, warm_up

LAB.open()
heading()
explorer()
warm_up()
