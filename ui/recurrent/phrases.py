"""What the recurrent picture says: its JavaScript holds no language."""

from ui.lab.phrases import phrases as shared
from ui.words import tr


def phrases() -> dict[str, str]:
    """Every word of the picture in the session's language; names between braces are filled in there."""
    return {**shared(), **_controls(), **_picture(), **_equations(), **_gates(), **_sums(), **_around()}


def _controls() -> dict[str, str]:
    return {
        "kindField": tr("Kind"),
        "formField": tr("Form"),
        "layerForm": tr("layer"),
        "cellForm": tr("cell"),
        "wordField": tr("your word"),
        "lettersKnown": tr("{n} letters: {letters}"),
        "lettersMost": tr("at most {n} letters"),
        "lettersField": tr("Letters as"),
        "oneHot": tr("one-hot"),
        "embedding": tr("embedding"),
        "nonlinearityField": tr("Nonlinearity"),
        "stepsField": tr("time steps"),
        "batchField": tr("batch"),
        "inputsField": tr("input size"),
        "hidden_sizeField": tr("hidden size"),
        "num_layersField": tr("layers"),
        "seedField": tr("seed"),
        "nextSeed": tr("Next seed"),
        "gainField": tr("weights"),
        "gainSays": tr("PyTorch's first, untrained weights, made larger so that the gates open and close."),
    }


def _picture() -> dict[str, str]:
    return {
        "pictureOf": tr(
            "{kind} unrolled over {steps} steps of “{word}”, {lanes} lanes. The arrow keys move over the cells."
        ),
        "theCell": tr("the cell"),
        "layerNamed": tr("layer {n}"),
        "weightsCount": tr("{n} params"),
        "sharedSays": tr("One colour is one set of weights: the same {n} parameters at every step."),
        "lastState": tr("last h"),
        "everyState": tr("h after every step  {shape}"),
        "moreSteps": tr("{n} more"),
    }


def _equations() -> dict[str, str]:
    return {
        "whichUnit": tr("{lane}, t = {t} “{letter}”, unit {unit}"),
        "unitsShown": tr("({n} of {all} are drawn)"),
        "recomputing": tr("recomputing…"),
        "tryAgain": tr("Try again"),
        "badgeSays": tr(
            "The largest difference between these states and those of the module itself, in float32."
        ),
        "equalsModule": tr("equals nn.{kind}, difference {difference}"),
        "differsFromModule": tr("differs from nn.{kind} by {difference}"),
        "equalsLoop": tr("equals a loop of nn.{kind}Cell, difference {difference}, and nn.{kind}, {layer}"),
    }


def _gates() -> dict[str, str]:
    return {
        "mapsOf": tr("Gates and states of lane {lane}. The arrow keys move over steps and units."),
        "gate_i": tr("input gate"),
        "gate_f": tr("forget gate"),
        "gate_g": tr("candidate"),
        "gate_o": tr("output gate"),
        "gate_c": tr("cell state"),
        "gate_h": tr("hidden state"),
        "gate_r": tr("reset gate"),
        "gate_z": tr("update gate: 1 keeps"),
        "gate_n": tr("candidate"),
        "gate_x": tr("from the letter"),
        "gate_u": tr("from the state before"),
        "holdTitle": tr("What if"),
        "holdSays": tr(
            "Hold a gate shut (0) or open (1) in every unit and step, and see what it was there for."
        ),
        "holdGate": tr("Hold {gate}"),
        "held": tr("held"),
        "heldDiffers": tr("{gates} held: nn.{kind} itself differs by up to {difference}"),
        "short_x": "W x + b",
        "short_u": "U h′ + b′",
        **{f"short_{name}": name for name in "ifgochrzn"},
    }


def _sums() -> dict[str, str]:
    return {
        "twoBiases": tr(
            "W x, U h′ and two bias vectors: cuDNN wants one beside each product, though their sum would do."
        ),
        "twoBiasesGru": tr(
            "W x, U h′ and two bias vectors: in n, r multiplies only the second; elsewhere their sum would do."
        ),
        "noBias": tr("W x and U h′, without bias."),
        "paramsOf": tr("{kind}: {n} parameters"),
        "cellSays": tr(
            "A cell takes one step. The loop over the steps is yours, and so is keeping the states."
        ),
        "backSays": tr(
            "The backward lane ends at t = 0: its last state is {where}. In {last} stands its first step."
        ),
        "batchFirstSays": tr(
            "batch_first turns x and output. h_n ignores it, and the picture does not move."
        ),
        "timeFirstSays": tr(
            "Time comes first in x and output. batch_first would turn these two, and not h_n."
        ),
        "bothShort": tr("both directions"),
    }


def _around() -> dict[str, str]:
    return {
        "memoryTitle": tr("What an output remembers"),
        "memorySays": tr("How far the output at one step hangs on the letter at another."),
        "memoryCorner": tr("output ↓ letter →"),
        "memoryHow": tr(
            "Colour: the norm of ∂output[t]/∂x[s] from one real backward pass, over {decades} powers of ten."
        ),
        "memoryForgets": tr(
            "At “{last}” nothing that float32 can hold is left of the first letter, “{first}”, {back} steps back."
        ),
        "memoryKeeps": tr(
            "At “{last}” the first letter, “{first}”, {back} steps back, counts {share} times as much as the letter just read."
        ),
        "memoryNothing": tr("The last output does not hang on its own letter at all."),
        "memoryTooLarge": tr(
            "This layer is too large to be differentiated while you wait; take fewer units, layers or steps."
        ),
        "memoryShort": tr("A single step has nothing to remember."),
        "encodingTitle": tr("One-hot or embedding"),
        "encodingSays": tr("Looking up a row is multiplying by a one-hot row, without the multiplications."),
        "useOneHot": tr("Use one-hot"),
        "useEmbedding": tr("Use the embedding"),
        "oneHotRow": tr("“{letter}” one-hot, 1 × {n}"),
        "tableNamed": tr("nn.Embedding({n}, {width}).weight"),
        "rowNamed": tr("“{letter}” embedded, 1 × {n}"),
        "lookUpEquals": tr("Largest difference between the product and the look-up: {difference}."),
        "costsTitle": tr("Parameters up to the first layer"),
        "vocabularyOf": tr("vocabulary {n}"),
        "costsSays": tr(
            "One lane of the first layer, with W of {gates}·{hidden} rows, and the embedding of width {width} where there is one."
        ),
        "programTitle": tr("The program"),
        "programSays": tr("Run it: torch prints the states of the picture."),
        "copyProgram": tr("Copy program"),
    }
