"""What the inception picture says: its JavaScript holds no language."""

from ui.lab.phrases import phrases as shared
from ui.words import tr


def phrases() -> dict[str, str]:
    """Every word of the picture in the session's language; names between braces are filled in there."""
    return {**shared(), **_fields(), **_picture(), **_branches(), **_numbers(), **_faults()}


def _fields() -> dict[str, str]:
    return {
        "formField": tr("Which module"),
        "paperForm": tr("GoogLeNet"),
        "lectureForm": tr("InceptionA"),
        "formSays": tr(
            "GoogLeNet's module: max pooling, ReLU after each convolution. The lecture's InceptionA: two 3×3 in a "
            "row, average pooling, no activation."
        ),
        "channelsField": tr("input channels"),
        "sizeField": tr("height and width"),
        "out1Field": tr("1×1 filters"),
        "out3Field": tr("3×3 filters"),
        "out5Field": tr("5×5 filters"),
        "red3Field": tr("1×1 before 3×3"),
        "red5Field": tr("1×1 before 5×5"),
        "projField": tr("1×1 after pooling"),
        "reduces3Field": tr("Reduce the 3×3 branch"),
        "reduces5Field": tr("Reduce the 5×5 branch"),
        "projectsField": tr("Project the pool branch"),
        "matchField": tr("match output channels"),
        "matchSays": tr(
            "Gives the module without 1×1 layers the same pool projection, so that both hand on as much."
        ),
        "matchNeeds": tr("Without a projection the pool hands on all channels on both sides."),
        "paddingField": tr("padding"),
        "paddingKeeps": tr("keeps the size"),
        "paddingBreaks": tr("does not keep the size"),
        "pad3Field": tr("padding of the 3×3 branch"),
        "pad5Field": tr("padding of the 5×5 branch"),
        "pad_poolField": tr("padding of the pool"),
        "evenAt": tr("pays up to {r}"),
        "evenTitle": tr(
            "A 1×1 with r filters saves MACs while r < k²·Cin·Cout / (Cin + k²·Cout). Press to set r to the last that does."
        ),
    }


def _picture() -> dict[str, str]:
    return {
        "withoutTitle": tr("Without 1×1"),
        "withTitle": tr("With 1×1"),
        "withoutSays": tr("every branch reads all channels"),
        "withSays": tr("narrow first, then look around"),
        "withoutDetail": tr("A pipe is as wide as its channels. Point at one to follow its branch."),
        "withDetail": tr("A solid piece is a layer, with its MACs. FLOPs = 2 × MACs."),
        "max": tr("max {k}"),
        "average": tr("avg {k}"),
        "free": tr("free"),
        "trainBoth": tr("Train both…"),
        "program": tr("The PyTorch program"),
        "programSays": tr("Either module, complete: it runs with torch alone."),
        "programWaits": tr("The program appears once the branches join."),
    }


def _branches() -> dict[str, str]:
    return {
        "oneBranch": tr("the 1×1 branch"),
        "threeBranch": tr("the 3×3 branch"),
        "fiveBranch": tr("the 5×5 branch"),
        "poolBranch": tr("the pool branch"),
        "threeShort": tr("3×3"),
        "fiveShort": tr("5×5"),
        "poolShort": tr("pool"),
        "and": tr(" and "),
        "branchSays": tr("{name}, {widths} channels: {params} parameters, {sum} = {macs} MACs"),
        "branchFree": tr("{name}, {widths} channels: no parameters and no MACs"),
    }


def _numbers() -> dict[str, str]:
    return {
        "macsCompared": tr("MACs"),
        "paramsCompared": tr("Parameters"),
        "memoryCompared": tr("Activation memory"),
        "channelsCompared": tr("Output channels"),
        "memorySays": tr(
            "What one sample keeps for the backward pass; the module's own input is not counted."
        ),
        "withoutShort": tr("without"),
        "withShort": tr("with"),
        "keptShort": tr("A, with"),
        "fewerWord": tr("fewer"),
        "moreWord": tr("more"),
        "sameWord": tr("the same"),
        "nowDiffers": tr("now {by}"),
        "evenFair": tr("Both hand on {n} channels: a fair comparison."),
        "evenSame": tr("No branch is reduced, so both are the same module."),
        "evenUnfair": tr(
            "Without 1×1 the module hands on {bare} channels, with them {full}: a bare pool passes all {passed}. Match "
            "the output channels to compare like with like."
        ),
        "evenFault": tr("Nothing is handed on until the branches join."),
    }


def _faults() -> dict[str, str]:
    return {
        "noConcat": tr("cannot join"),
        "noFit": tr("does not fit"),
        "faultGives": tr("{name} gives {size} × {size}"),
        "faultSizes": tr(
            "Concat stacks channels, so height and width must agree: {gives}, the others {size} × {size}."
        ),
        "faultFit": tr(
            "The window is larger than its padded input in {names}: there is no place for it to stand."
        ),
    }
