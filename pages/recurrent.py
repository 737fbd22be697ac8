"""The recurrent page: one cell, reused at every letter; what it remembers, and which part is output."""

from ui.shell import page

page()

from ui.recurrent.explorer import LAB, explorer, heading, warm_up

LAB.open()
heading()
explorer()
warm_up()
