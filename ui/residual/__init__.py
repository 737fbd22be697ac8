"""The residual page: a block without and with its shortcut, and how the gradient runs back through many of them.

    state.py     everything the page shows, as one value; network.py the networks it stands for
    repairs.py   what to do when the two sides of the plus differ
    measured.py  what workers are asked: gradients by layer, and what a zeroed block returns
    exercises.py what to predict, presets.py the chips, phrases.py the words
    explorer.py  the fragment: what the picture proposed, the picture, the link

In the browser; nothing there holds a word, and what it counts is held equal to netlib by a test:

    math.js      shapes, the meeting at the plus, parameters, MACs, memory: pure
    lanes.js     where the parts of a block lie: pure
    axis.js      a logarithmic axis: pure
    block.js     one block: pipes, layers, the plus, the gradient on its way back
    chart.js     gradient norm at each layer, with the band over seeds
    costs.js     the numbers of both blocks; controls.js the fields; program.js the two programs
    sentences.js the law under each block, the fault, what the chart says
    view.js      puts them together
"""
