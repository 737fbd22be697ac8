"""A run as a program that anyone can run: torch, the library that holds the data, and nothing of ours.

record.py    what a run has left in the history that decides its bits, and its losses
settings.py  the head: what the program is, imports, threads and other switches
data.py      how the samples are read, split and prepared
steps.py     model, optimiser, learning rate, the loop
pieces.py    all of that in order, with a check at the end
script.py    the pieces as one file; notebook.py as cells

Nothing here imports torch.
"""
