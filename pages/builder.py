"""The builder: stack layers, read shapes and costs, take the program, go and train."""

from ui.shell import page

page()

from ui.builder.explorer import explorer, open_desk, warm_up

open_desk()
explorer()
warm_up()
