"""Labels of images from a table beside them in the archive: rows (label, path), in either order."""

from collections.abc import Sequence

from netlib.training.data.uploads.headings import LABEL_HEADINGS, report
from netlib.training.data.uploads.lines import rows
from netlib.training.data.uploads.rules import Skipped, label_of

PATH_HEADINGS = ("path", "image_path", "filename", "file_name", "file", "image", "name", "id")
"""What the column of paths may be called, the surest name first."""


def labels_by_path(text: str, skipped: Skipped) -> dict[str, str]:
    """The label of each path; nothing where the table has no heading that names a label and a path.

    Raises:
        Refusal: for a table that cannot be read.
    """
    table = rows(text)
    first = next(table, [])
    heading = [cell.strip().lower() for cell in first]
    label = next((place for place, cell in enumerate(heading) if cell in LABEL_HEADINGS), None)
    path = next((heading.index(name) for name in PATH_HEADINGS if name in heading), None)
    if label is None or path is None:
        return {}
    least = max(label, path) + 1
    found = {_plain(row[path]): label_of(row[label]) for row in table if len(row) >= least}
    named = {name: said for name, said in found.items() if name and said}
    if named:
        report(",".join(first), skipped)
    return named


def label_at(labels: dict[str, str], parts: Sequence[str]) -> str:
    """The label of a member: by its whole path, or by what is left of it without the folders it was packed in."""
    for first in range(len(parts)):
        if label := labels.get("/".join(parts[first:])):
            return label
    return ""


def _plain(path: str) -> str:
    """A path as an archive writes it."""
    return path.strip().replace("\\", "/").removeprefix("./")
