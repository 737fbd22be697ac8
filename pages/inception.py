"""The inception page: what the 1×1 reductions of a module save, beside the module without them."""

from ui.shell import page

page()

from ui.inception.explorer import LAB, both, explorer, heading, warm_up
from ui.race.section import whole_run

LAB.open()
whole_run(LAB.name)
heading()
explorer()
both()
warm_up()
