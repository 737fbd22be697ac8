"""Labels of images from a table beside them in the archive: rows (label, path), in either order."""

from collections.abc import Mapping, Sequence

from netlib.training.data.uploads.headings import LABEL_HEADINGS, LONGEST, report
from netlib.training.data.uploads.lines import rows
from netlib.training.data.uploads.rules import Skipped, label_of
from netlib.words import words

PATH_HEADINGS = ("path", "image_path", "filename", "file_name", "file", "image", "name", "id")
"""What the column of paths may be called, the surest name first."""
INCOMPLETE = words("a row without a label or without a path", "没有标签或路径的行")
AGAIN = words("a row with a path that an earlier one has", "路径与前面的行重复")
MISSING = words("a row of the table whose file is not among the images", "表格中有而图像中没有的文件")


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
    named: dict[str, str] = {}
    for row in table:
        name, said = (_plain(row[path]), label_of(row[label])) if len(row) >= least else ("", "")
        if not name or not said:
            skipped.add(INCOMPLETE, ",".join(row)[:LONGEST])
        elif name in named:
            skipped.add(AGAIN, name)
        else:
            named[name] = said
    report(",".join(first), skipped)
    return named


def listed_path(labels: Mapping[str, str], parts: Sequence[str]) -> str | None:
    """The path by which the table names a member: its own, or what is left of it without the folders it was packed in."""
    paths = ("/".join(parts[first:]) for first in range(len(parts)))
    return next((path for path in paths if path in labels), None)


def _plain(path: str) -> str:
    """A path as an archive writes it."""
    return path.strip().replace("\\", "/").removeprefix("./")
