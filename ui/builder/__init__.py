"""The builder: one picture that shows the network as rows, diagram and program, and the edits it proposes.

desk.py      what a session keeps, as a value; it goes into the session as text and small numbers
actions.py   what a browser may propose, each checked and turned into a new desk
view.py      the desk as the JSON that the picture draws, put together from rows, fields, sums, diagram, program
view.js      draws that JSON and proposes actions; it holds no words and computes no count
explorer.py  the fragment that joins them, with the seal (seal.py), which asks once a change has settled
"""
