"""A picture's modules are joined into one, where a name at the top of one must not be that of another."""

import re
from collections import Counter
from pathlib import Path

import pytest

from ui.component import HERE, joined

VIEWS = sorted(HERE.glob("*/view.js"))
DECLARED = re.compile(
    r"^(?:export )?(?:default )?(?:async )?(?:function\*?|const|let|var|class) (\w+)", re.MULTILINE
)


@pytest.mark.parametrize("view", VIEWS, ids=[view.parent.name for view in VIEWS])
def test_no_name_is_declared_twice(view: Path) -> None:
    names = Counter(DECLARED.findall(joined(view)))
    assert [name for name, count in names.items() if count > 1] == []
    assert len(names) > 5
