"""The builder: stack layers, read shapes and costs, take the program, go and train."""

from ui.shell import page

page()

from ui.builder.explorer import explorer, heading, open_desk, warm_up

open_desk()
heading()
explorer()
warm_up()
