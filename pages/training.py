"""The training page: start a run, steer it, watch what the network gets right."""

from ui.shell import page

page()

from ui.training.page import training

training()
