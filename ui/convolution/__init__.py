"""The convolution page: which cells a window reads, and why the output has the size it has.

    state.py     everything the page shows, as one value; layer.py the network it stands for, and back
    exercises.py what to predict, presets.py the chips, phrases.py the words
    explorer.py  the fragment: what the picture proposed, the picture, the link

In the browser; nothing there holds a word, and what it counts is held equal to netlib by a test:

    math.js      sizes, counts, refusals: pure
    relation.js  which input, kernel and output cells belong together along an axis: pure
    formula.js   the output size as a formula with the person's numbers: pure
    geometry.js  where the grids lie; crop.js what of a large input is drawn: pure
    colours.js   one colour for each cell of the kernel
    scene.js     state -> relations, crops and geometry of a picture
    cells.js     the grids; overlay.js windows, beams and what is pointed at
    picture.js   pointer, pin and keys; tape.js play, step, scrub
    controls.js  sliders; field.js one slider or two; formulaline.js, planes.js, usage.js what stands around
    view.js      puts them together
"""
