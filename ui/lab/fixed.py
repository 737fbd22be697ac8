"""What a page about a layer says in a language, whatever it shows: the part of its picture's data that never changes."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ui.component import Fixed
from ui.lab.exercises import Exercise, tasks
from ui.lab.presets import Preset, chips
from ui.lab.seal import seal_words


def fixed(
    limits: Callable[[], Mapping[str, Any]],
    presets: Sequence[Preset],
    phrases: Callable[[], Mapping[str, str]],
    exercises: Callable[[], Sequence[Exercise[Any]]] | None = None,
) -> Fixed:
    """Bounds of the sliders, presets, words, and those exercises that wait for nothing to be measured.

    What comes back is called when somebody first needs the language of the session.
    """

    def said() -> dict[str, Any]:
        found: dict[str, Any] = {
            "limits": limits(),
            "presets": chips(presets),
            "words": phrases(),
            "sealWords": seal_words(),
        }
        return found if exercises is None else {**found, "exercises": tasks(exercises())}

    return said
