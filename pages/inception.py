"""The inception page: what the 1×1 reductions of a module save, beside the module without them."""

from ui.shell import page

page()

from ui.inception.explorer import LAB, explorer, heading, warm_up

LAB.open()
heading()
explorer()
warm_up()
