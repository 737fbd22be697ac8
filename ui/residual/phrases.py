"""What the residual picture says: its JavaScript holds no language."""

from ui.lab.phrases import phrases as shared
from ui.words import tr


def phrases() -> dict[str, str]:
    """Every word of the picture in the session's language; names between braces are filled in there."""
    return {**shared(), **_fields(), **_picture(), **_laws(), **_chart(), **_morals(), **_costs()}


def _fields() -> dict[str, str]:
    return {
        "blockField": tr("block"),
        "basic": tr("basic"),
        "bottleneck": tr("bottleneck"),
        "channelsField": tr("channels in"),
        "filtersField": tr("channels out"),
        "sizeField": tr("input size"),
        "strideField": tr("stride"),
        "shortcutField": tr("shortcut"),
        "identityOption": tr("identity"),
        "AOption": tr("A: pad"),
        "BOption": tr("B: 1×1"),
        "COption": tr("C: all"),
        "normField": tr("batch norm"),
        "activationField": tr("activation"),
        "activationReLU": "ReLU",
        "activationGELU": "GELU",
        "activationTanh": "Tanh",
        "zeroedField": tr("zero the last convolution"),
        "depthField": tr("blocks in the stack below"),
    }


def _picture() -> dict[str, str]:
    return {
        "plainTitle": tr("Plain"),
        "residualTitle": tr("Residual"),
        "plainNote": tr("one road, through every layer"),
        "residualNote": tr("the input goes round and is added"),
        "eachBlock": tr("gradient, each block below"),
        "plainPicture": tr("Plain block: {input} comes in, {output} leaves."),
        "residualPicture": tr(
            "Residual block: {input} comes in; F(x) is {branch}, the shortcut {skip}; sum: {output}."
        ),
        "convSays": tr("{size} convolution, {from} to {to} channels, {n} weights"),
        "stridedProjection": tr("1×1, stride {s}"),
        "everyCell": tr("every {s}nd cell"),
        "asItIs": tr("as it is"),
        "moreZeros": tr("+{n} zeros"),
        "noSum": tr("no sum"),
        "identityName": "x",
        "refusedName": "x",
        "zerosName": tr("x, padded"),
        "projectionName": "W·x",
        "refuses": tr("F(x) is {branch}, x is {skip}: a sum needs equal shapes."),
        "broadcasts": tr(
            "F(x) is {branch}, x is {skip}. PyTorch would add them without a word: it repeats x until the sum is {sum}."
        ),
    }


def _laws() -> dict[str, str]:
    return {
        "padded": tr("pad(x)"),
        "slope": tr("slope inside = "),
        "plainLaw": tr("What F′ loses is lost for every layer before it."),
        "identityLaw": tr("The 1 is the shortcut: it hands the gradient on, whatever F′ does."),
        "zerosLaw": tr("The 1 is the shortcut, for the channels and cells that it keeps."),
        "projectionLaw": tr(
            "W is learnt, so this shortcut has weights, and its gradient is no longer untouched."
        ),
        "tryingOut": tr("trying it out…"),
        "plainZero": tr("Tried with random weights: all {n} numbers that come out are 0."),
        "plainNonzero": tr("Tried with random weights: {some} of {n} numbers that come out are not 0."),
        "residualSame": tr("Tried with random weights: all {n} numbers are exactly {act} of the shortcut."),
        "residualDiffers": tr(
            "Tried with random weights: {some} of {n} numbers differ from {act} of the shortcut."
        ),
    }


def _chart() -> dict[str, str]:
    return {
        "chartTitle": tr("Gradient norm at each of {n} layers"),
        "chartTitleWaiting": tr("Gradient norm at each layer"),
        "chartLabel": tr("Gradient norm at {n} layers, log scale; arrow keys choose a layer"),
        "measuring": tr("measuring in PyTorch…"),
        "measureAgain": tr("Measure again"),
        "sendBack": tr("Send the gradient back"),
        "newSeeds": tr("New seeds"),
        "stemLayer": tr("stem, layer {n}"),
        "headLayer": tr("head, layer {n}"),
        "layerN": tr("layer {n}"),
        "plainName": tr("plain"),
        "residualName": tr("residual"),
        "standsStill": tr("here a step of {rate} moves no float32 weight"),
        "still": tr("stands still"),
        "how": tr(
            "One real backward pass: a stem, {depth} narrow copies of this block and a head, on {samples} digits, with "
            "fresh weights. Line: median of seeds {first} to {last}; band: least to most."
        ),
        "trainPlain": tr("Train the plain net"),
    }


def _morals() -> dict[str, str]:
    return {
        "layersStill": tr(
            "{still} of {n} plain layers stand still: each block leaves {factor} of the gradient."
        ),
        "allMove": tr("So few blocks lose little: all {n} plain layers still move ({factor} each block)."),
        "residualBare": tr("With the shortcut it is {factor}, and every layer moves."),
        "residualStill": tr("With the shortcut it is {factor}, and {still} layers stand still."),
        "notTheReason": tr(
            "Switch batch norm on: the plain gradient no longer vanishes, and deep plain nets still train worse."
        ),
        "normKeeps": tr(
            "With batch norm the plain net's gradient does not vanish: {stem} at the stem, {head} at the head."
        ),
        "normLoses": tr("Even with batch norm little reaches the stem: {stem} against {head} at the head."),
        "residualWithNorm": tr("With the shortcut each block leaves {factor}."),
        "degradation": tr(
            "Deep plain nets still fit even the training set worse; He et al. call it degradation. Train this and the plain net, and see."
        ),
        "zeroedAbove": tr("The zeroed convolution stands in the block above only."),
        "mendFirst": tr("Mend the sum, and the residual net joins."),
        "noNumber": tr("Some seeds gave no finite number."),
    }


def _costs() -> dict[str, str]:
    return {
        "keptForBackward": tr("Kept for backward"),
        "plainCosts": tr("plain {n}"),
        "plainCostsSame": tr("plain {n} · shortcut +0"),
        "shortcutCosts": tr("shortcut {n}"),
        "basicToBottleneck": tr("Basic to bottleneck, weights"),
        "fewer": tr("fewer"),
        "more": tr("more"),
        "programs": tr("The programs"),
        "programsSay": tr("Both blocks as PyTorch modules; they run as they are."),
        "noProgram": tr("No program: mend the sum first."),
    }
