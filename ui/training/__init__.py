"""The training page: settings at the left, one run to steer and watch, and the runs there have been.

bench.py     what a session keeps, as a value; starts.py has what it begins with for each data set
form.py      the settings, drawn from the knobs of netlib; networks.py the choice of a network
fitting.py   whether the network fits the data, the repairs, and data that must be downloaded first
reading.py   a run as the history has it now; outlook.py how long it waits and what is left of it
status.py    a run's state in words, and what a person can do about it
finder.py    a sweep of learning rates, its curve and the rate to take
further.py   how an ended run can go on
panel.py     buttons, learning rate, numbers; curves.py, figure.py the curves while it runs and afterwards
shown.py     what the network says of twenty images, or of a word, from the snapshots
program.py   an ended run as a Python file or a notebook, to be saved
recent.py    the runs there have been
actions.py   what a browser may propose, each checked
view.js      draws that; it holds no words and computes no count
"""
