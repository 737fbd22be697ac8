"""What the convolution picture says: its JavaScript holds no language."""

from ui.lab.phrases import phrases as shared
from ui.words import tr


def phrases() -> dict[str, str]:
    """Every word of the picture in the session's language; names between braces are filled in there."""
    return {
        **shared(),
        **_fields(),
        **_picture(),
        **_sentences(),
        **_around(),
        **_row(),
        **_map(),
        **_image(),
        **_solver(),
        **_refusals(),
    }


def _fields() -> dict[str, str]:
    return {
        "layerField": tr("Layer"),
        "convShort": tr("Conv"),
        "transposedShort": tr("Transp."),
        "maxShort": tr("Max"),
        "averageShort": tr("Avg"),
        "axesField": tr("Axes"),
        "oneAxis": tr("1-D"),
        "twoAxes": tr("2-D"),
        "sizeField": tr("input size"),
        "channelsField": tr("channels"),
        "kernelField": tr("kernel"),
        "dilationField": tr("dilation"),
        "strideField": tr("stride"),
        "paddingField": tr("padding"),
        "output_paddingField": tr("output padding"),
        "filtersField": tr("filters"),
        "groupsField": tr("groups"),
        "paddingModeField": tr("filled with"),
        "viewField": tr("View"),
        "windowView": tr("Window"),
        "windowViewSays": tr("Point at any cell; click to pin it."),
        "valuesView": tr("Values"),
        "valuesViewSays": tr("One plane, no bias. Click an input cell or a weight to set it."),
        "stackView": tr("Row"),
        "stackViewSays": tr("Point at a unit: the box is all it sees of the input."),
        "mapView": tr("Trade-offs"),
        "mapViewSays": tr("Two fields against each other; click a cell to take it."),
        "imageView": tr("Picture"),
        "imageViewSays": tr("A picture through this layer, computed by PyTorch."),
        "patternField": tr("picture"),
        "filterField": tr("kernel"),
        "ringpattern": tr("ring"),
        "edgepattern": tr("edge"),
        "spotpattern": tr("spot"),
        "ramppattern": tr("ramp"),
        "checkspattern": tr("checks"),
        "edgefilter": tr("edges"),
        "verticalfilter": tr("vertical edges"),
        "blurfilter": tr("blur (sum)"),
        "sharpenfilter": tr("sharpen"),
        "identityfilter": tr("identity"),
        "ownNumbers": tr("your own"),
        "cellValue": tr("number in this cell"),
        "pointAtOutput": tr("Point at an output cell to read its sum."),
        "zerosMode": tr("zeros"),
        "reflectMode": tr("reflection"),
        "replicateMode": tr("the edge, repeated"),
        "circularMode": tr("the other side"),
        "biasField": tr("bias"),
        "ceil_modeField": tr("round up (ceil_mode)"),
        "count_include_padField": tr("count padding in the mean"),
        "spreadField": tr("Transposed picture"),
        "scatter": tr("stamps"),
        "insert": tr("zeros between"),
        "lockSays": tr("Use one value for height and width."),
        "unlockSays": tr("Set height and width apart."),
        "sameSays": tr("Pad so that the output is as large as the input; with stride 1 only."),
        "validSays": tr("No padding at all."),
        "noWords": tr("PyTorch has neither 'same' nor other padding modes here; padding takes cells away."),
    }


def _picture() -> dict[str, str]:
    return {
        "picture": tr("convolution picture"),
        "pictureOf": tr("Input {input}, output {output}."),
        "keys": tr(
            "Arrows move · 1 input, 2 kernel, 3 output · Enter pins, Esc frees · Space plays",
        ),
        "input": tr("Input"),
        "kernel": tr("Kernel"),
        "window": tr("Window"),
        "output": tr("Output"),
        "noOutput": tr("no output"),
        "turnedRound": tr("turned round"),
        "paddedBy": tr("padded by {n}"),
        "paddedUneven": tr("padded by {before} before, {after} after"),
        "paddedPerAxis": tr("padded by {h} (H) and {w} (W)"),
        "zerosInserted": tr("zeros between: {between}, around: {around}"),
        "cutBy": tr("{n} cut off on each side"),
        "cutPerAxis": tr("{h} (H) and {w} (W) cut off on each side"),
        "rowsShown": tr("rows {from}–{to} of {all}"),
        "columnsShown": tr("columns {from}–{to} of {all}"),
        "effectiveSpan": tr("effective span"),
        "effectiveSpanH": tr("{n} along H"),
        "strideIs": tr("stride {n}"),
        "term_out": tr("out"),
        "term_in": tr("in"),
        "term_pad": tr("pad"),
        "term_dil": tr("dil"),
        "term_kernel": tr("kernel"),
        "term_stride": tr("stride"),
        "term_outPad": tr("out pad"),
        "roundedDown": tr("floor"),
        "roundedUp": tr("ceiling"),
    }


def _sentences() -> dict[str, str]:
    return {
        "play": tr("Play"),
        "pause": tr("Pause"),
        "stepBack": tr("Step back"),
        "step": tr("Step on"),
        "speed": tr("Speed"),
        "scrub": tr("window"),
        "placeOf": tr("{n} of {all}"),
        "reads": tr("reads {n} cells"),
        "readsPadding": tr("reads {n} cells, {pad} of them padding"),
        "readsCopies": tr("reads {n} cells, {copy} of them copies"),
        "readsOver": tr("reads {n} cells, {over} of them over the end"),
        "readsZeros": tr("reads {n} cells: {data} inputs, the rest zeros"),
        "used": tr("is used by {n} outputs"),
        "usedOnce": tr("is used by 1 output"),
        "unused": tr("is read by no output"),
        "copyUsed": tr("(a copy in the padding) is used by {n} outputs in all"),
        "copyUnused": tr("(a copy in the padding) is read by no output"),
        "paddingCell": tr("padding"),
        "insertedZero": tr("inserted zero"),
        "stamps": tr("is stamped onto {n} cells"),
        "stampsCut": tr("is stamped onto {n} cells, {cut} of them cut off"),
        "gathers": tr("is the sum of {n} stamps"),
        "gathersOne": tr("gets 1 stamp"),
        "gathersNone": tr("gets no stamp: only the bias"),
        "cutCell": tr("cut off"),
        "isCut": tr("padding takes this cell out of the output"),
        "tapMeets": tr("meets {distinct} cells, once for each of {n} places"),
        "poolTap": tr("lies on {distinct} cells in turn, once for each of {n} windows"),
        "lostCell": tr("1 cell at the end is never read"),
        "lostCells": tr("{columns} cells at the end are never read"),
        "lostRow": tr("1 row at the end is never read"),
        "lostRows": tr("{rows} rows at the end are never read"),
        "lostColumn": tr("1 column at the end is never read"),
        "lostColumns": tr("{columns} columns at the end are never read"),
        "lostRowColumn": tr("1 row and 1 column at the end are never read"),
        "lostRowColumns": tr("1 row and {columns} columns at the end are never read"),
        "lostRowsColumn": tr("{rows} rows and 1 column at the end are never read"),
        "lostRowsColumns": tr("{rows} rows and {columns} columns at the end are never read"),
        "onlyPadding": tr(" (padding only)"),
        "floorDrops": tr(": ⌊{from}⌋ = {to}"),
        "betweenToo": tr(" · nor {n} cells between the windows"),
        "betweenWindows": tr("{n} cells between the windows are never read"),
        "everyCellRead": tr("every cell is read"),
    }


def _around() -> dict[str, str]:
    return {
        "readsOfCells": tr("how often each cell is read"),
        "stampsLanding": tr("how many stamps land on each cell"),
        "times": tr("{n}×"),
        "never": tr("never"),
        "planeIn": tr("{n} plane in"),
        "planesIn": tr("{n} planes in"),
        "planeOut": tr("{n} plane out"),
        "planesOut": tr("{n} planes out"),
        "readsThePlane": tr("each filter reads the one plane"),
        "readsAllPlanes": tr("each filter reads all {n} planes"),
        "readsOnePlane": tr("each filter reads one plane only"),
        "readsItsPlanes": tr("each filter reads the {n} planes of its group"),
        "poolPlanes": tr("each plane is pooled by itself"),
    }


def _map() -> dict[str, str]:
    return {
        "map_acrossField": tr("across"),
        "map_uprightField": tr("upright"),
        "map_colourField": tr("colour"),
        "macsColour": tr("MACs"),
        "paramsColour": tr("Parameters"),
        "outputColour": tr("output cells"),
        "mapSays": tr("Point at a cell to read the layer it stands for."),
        "refusedCell": tr("refused"),
    }


def _image() -> dict[str, str]:
    return {
        "imageField": tr("picture"),
        "shapesImage": tr("shapes"),
        "flowerImage": tr("flower"),
        "chinaImage": tr("temple"),
        "digitImage": tr("digit"),
        "ownImage": tr("your own"),
        "flowerCredit": tr("photo: vultilion, CC BY 2.0"),
        "chinaCredit": tr("photo: danielbuechele, CC BY 2.0"),
        "chooseFile": tr("Choose a file"),
        "noPicture": tr("This file is no picture that a browser can read, or larger than 16 MB."),
        "imageWeightsField": tr("Weights"),
        "bankWeights": tr("known filters"),
        "drawnWeights": tr("as PyTorch draws them"),
        "seedField": tr("seed"),
        "askAgain": tr("Try again"),
        "computing": tr("computing…"),
        "pointAtMap": tr("{shown} of {all} maps. Point at a cell to see what it comes from."),
        "mapNumber": tr("map {n}"),
        "fromCells": tr("from rows {rows}, columns {columns}"),
        "fromNothing": tr("from padding alone"),
        "identityMap": tr("identity"),
        "blurMap": tr("blur"),
        "edgesMap": tr("edges"),
        "verticalMap": tr("vertical edges"),
        "horizontalMap": tr("horizontal edges"),
        "diagonalMap": tr("diagonal edges"),
        "sharpenMap": tr("sharpen"),
        "cornerMap": tr("corners"),
    }


def _row() -> dict[str, str]:
    return {
        "afterLayer": tr("after layer {n}"),
        "fieldIs": tr("field {size}"),
        "jumpIs": tr("jump {n}"),
        "unitSees": tr("A unit after layer {n} sees {size} cells of the input"),
        "unitInside": tr("({inside} of them inside it)"),
        "unitIsInput": tr("An input cell sees itself."),
        "addLayer": tr("Add layer"),
        "dropLayer": tr("Drop layer {n}"),
        "setAtLeft": tr("set by the sliders"),
        "threeOrOne": tr("three 3×3 or one 7×7"),
        "growingDilation": tr("dilation 1, 2, 4"),
        "inLayer": tr("Layer {n}: {words}"),
    }


def _solver() -> dict[str, str]:
    return {
        "solve": tr("Wanted output"),
        "solveSays": tr("Every kernel, stride, padding and dilation that gives it, the cheapest first."),
        "keepGoal": tr("keep"),
        "halveGoal": tr("halve"),
        "doubleGoal": tr("double"),
        "sizeGoal": tr("size"),
        "wantedField": tr("wanted"),
        "offersFound": tr("{n} settings give {size}"),
        "offersShown": tr("{n} settings give {size}; the first {shown}"),
        "noOffers": tr(
            "No setting up to kernel {kernel}, stride {stride} and padding {padding} gives {size} here."
        ),
        "useTransposed": tr("Use a transposed convolution"),
        "useConv": tr("Use a convolution"),
        "offerUnread": tr("{n} unread"),
        "offerIdle": tr("reads bare padding"),
        "offerTapsSay": tr("{n} cells in the kernel"),
        "offerCosts": tr("{params} parameters, {macs} MACs"),
    }


def _refusals() -> dict[str, str]:
    return {
        "channels": tr("input channels"),
        "filters": tr("filters"),
        "alongAxis": tr(" along {axis}"),
        "refused_groups": tr("{g} groups must divide both channel counts; {n} {which} cannot be shared out."),
        "refused_same": tr("'same' works with stride 1 only, the stride is {s}."),
        "refused_reflect": tr("Reflection needs padding smaller than the input: {p} against {n}{where}."),
        "refused_circular": tr("Padding from the other side reaches {n} cells at most, got {p}{where}."),
        "refused_half": tr("Pooling may be padded by half its window at most: {most}, got {p}{where}."),
        "refused_fit": tr("A kernel of {k} does not fit the padded input of {have}{where}."),
        "refused_fitDilated": tr(
            "A kernel of {k} with dilation {d} reaches over {need} cells; the padded input has {have}{where}."
        ),
        "refused_outputPadding": tr(
            "Output padding {op} must be smaller than stride {s} or dilation {d}{where}."
        ),
        "refused_nothingLeft": tr("Padding {p} cuts everything off: the output would be {o}{where}."),
    }
