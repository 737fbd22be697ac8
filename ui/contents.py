"""The pages there are, in the order of the menu."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Entry:
    """A page: its file and address are its name, its title and sentence are English and said through `tr`.

    One without a sentence has no door on the start page.
    """

    name: str
    title: str
    says: str
    icon: str

    @property
    def file(self) -> Path:
        return ROOT / "pages" / f"{self.name}.py"


ENTRIES = (
    Entry("home", "Start", "", "apps"),
    Entry("builder", "Builder", "Stack layers, read shapes and costs", "stacks"),
    Entry("convolution", "Convolution", "Which cells a window reads, and why", "grid_on"),
    Entry("inception", "Inception", "What the 1×1 layers save", "call_split"),
    Entry("residual", "Residual", "How a shortcut carries the gradient down", "alt_route"),
    Entry("recurrent", "Recurrent", "One cell, reused at every letter", "replay"),
    Entry("training", "Training", "Start, steer and watch a run", "monitoring"),
    Entry("runs", "Runs", "", "history"),
)


@cache
def existing() -> tuple[Entry, ...]:
    """The entries whose page is in the tree."""
    return tuple(entry for entry in ENTRIES if entry.file.exists())
