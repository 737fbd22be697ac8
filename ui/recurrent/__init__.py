"""The recurrent page: one cell, the same weights at every step; what comes out, and which part is called what.

    state.py     everything the page shows, as one value; layer.py the network it stands for, its shapes, its question
    values.py    states and gates, which a worker recomputes from a real module's weights
    program.py   the program that prints the same numbers
    exercises.py what to predict, presets.py the chips, phrases.py the words
    explorer.py  the fragment: what the picture proposed, the picture, the link

In the browser; nothing there holds a word, and what it counts is held equal to netlib by a test:

    math.js      letters, shapes, sums: pure; codeline.js the line of PyTorch
    scene.js     state and values -> lanes and columns; geometry.js where they lie: pure
    wires.js, cells.js, outlines.js, picture.js   the unrolled picture
    equation.js  the equations of one unit with its numbers: pure; explain.js, maps.js show them, and the gates
    look.js      where one looks: pointer, click, arrow keys
    sums.js      shapes and counts; controls.js, dials.js sliders; encoding.js one-hot beside the embedding
    view.js      puts them together
"""
