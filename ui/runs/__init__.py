"""The Runs page: the history as a list to find runs in, and up to six of them side by side.

shelf.py     what a session keeps of the page, as a value; address.py has it in the address
catalogue.py every run with what the list says of it, filtered and sorted
listing.py   the list as the picture draws it
comparison.py  curves and table of the runs that are ticked: overlaid.py the figure, differences.py the table
downloads.py  weights, curves and settings to take away
shelved.py   networks that were saved by name
actions.py   what a browser may propose, each checked
page.py      draws all of it
view.js      draws the list; it holds no words and computes no count
"""
