"""The Runs page: find a run again, compare up to six, take their weights and curves away."""

from ui.shell import page

page()

from ui.runs.page import runs

runs()
