"""The words that every page about a layer shares; its JavaScript holds none."""

from ui.words import tr


def phrases() -> dict[str, str]:
    """The shared words in the session's language; names between braces are filled in by the picture."""
    return {
        "parameters": tr("Parameters"),
        "macs": tr("MACs"),
        "flops": tr("FLOPs = 2 × MACs = {n}"),
        "memory": tr("Output memory"),
        "nBytes": tr("{n} bytes"),
        "backward": tr("{n} kept for backward"),
        "C": tr("C"),
        "H": tr("H"),
        "W": tr("W"),
        "L": tr("L"),
        "T": tr("T"),
        "F": tr("F"),
        "copyCode": tr("Copy code"),
        "copied": tr("Copied"),
        "copyLink": tr("Copy link"),
        "keep": tr("Keep as A"),
        "keepSays": tr("Remember this setting and see how later ones differ."),
        "backToA": tr("Back to A"),
        "forgetA": tr("Forget A"),
        "backToMine": tr("Back to my settings"),
        "isA": tr("this is A"),
        "comparedWithA": tr("compared with A"),
        "wasA": tr("A: {value}"),
        "takeIntoBuilder": tr("Take into the Builder"),
        "trainThis": tr("Train this"),
        "exercises": tr("Exercises"),
        "predictFirst": tr("Predict first, then reveal."),
        "yourGuess": tr("your guess"),
        "reveal": tr("Reveal"),
        "again": tr("Hide again"),
        "showIt": tr("Show it in the picture"),
        "right": tr("right"),
        "itIs": tr("it is {value}"),
        "done": tr("{done} of {all} revealed"),
    }
