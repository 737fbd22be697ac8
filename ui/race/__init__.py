"""Two networks trained on the same data with the same seed, their curves beside each other.

contest.py  what a race is: entrants, how long they run, the runs that were started, as values
section.py  the fragment of a page that starts it, looks again while it goes, and draws it
curves.js   the curves; view.js puts the section together
"""
