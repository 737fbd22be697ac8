"""Rules over the source that no linter knows: what is banned, what is shipped, what is translated."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from netlib.words import CATALOGUE, placeholders
from ui.chinese import CHINESE
from ui.contents import ENTRIES

ROOT = Path(__file__).resolve().parent.parent
OURS = ("app.py", "launch.py", "netlib", "pages", "ui", "docs", "benchmarks")

BANNED = {
    "unsafe_allow_html": "foreign text could restyle the page",
    "unsafe_allow_javascript": "runs scripts",
    "innerHTML": "reads text as markup",
    "outerHTML": "reads text as markup",
    "insertAdjacentHTML": "reads text as markup",
    "document.write": "reads text as markup",
    "torch.load": "runs code that a file brings",
    "pickle": "runs code that a file brings",
    "eval(": "runs text as code",
    "extractall": "writes where an archive says",
    "allow_pickle=True": "runs code that a file brings",
    "np.load(": "reads what a header claims; see the reader of uploads",
    "TYPE_CHECKING": "hides circles of imports",
}
ALLOWED = {
    # PyTorch's switch into evaluation mode has this name.
    ("eval(", re.compile(r"\.eval\(\)")),
    # A word of the checks themselves.
    ("pickle", re.compile(r"allow_pickle=False")),
}


def sources(*suffixes: str) -> Iterator[Path]:
    """The project's own files with these suffixes."""
    for name in OURS:
        path = ROOT / name
        yield from [path] if path.is_file() else (p for p in sorted(path.rglob("*")) if p.suffix in suffixes)


def code(path: Path) -> str:
    """A file's text, comments and docstrings of Python left out."""
    text = path.read_text(encoding="utf-8")
    return ast.unparse(_undocumented(ast.parse(text))) if path.suffix == ".py" else text


def _undocumented(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if not isinstance(body, list):
            continue
        kept = [n for n in body if not (isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant))]
        node.body = kept or [ast.Pass()]  # type: ignore[attr-defined] # it has a body
    return tree


@pytest.mark.parametrize("banned", BANNED)
def test_banned(banned: str) -> None:
    found = []
    for path in sources(".py", ".js"):
        text = code(path)
        for word, pattern in ALLOWED:
            if word == banned:
                text = pattern.sub("", text)
        found += [f"{path.relative_to(ROOT)}: {BANNED[banned]}"] if banned in text else []
    assert found == []


def test_notice_lists_exactly_what_is_shipped() -> None:
    rows = re.findall(r"^(\S+) \| .+ \| .+$", (ROOT / "NOTICE").read_text(encoding="utf-8"), re.MULTILINE)
    listed = set(rows)
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    names = [name for name in tracked.decode().split("\0") if name and (ROOT / name).exists()]
    shipped = {name for name in names if name.startswith("static/") or not _is_text(ROOT / name)}
    assert shipped <= listed
    assert [name for name in listed if not (ROOT / name).exists()] == []


def _is_text(path: Path) -> bool:
    try:
        path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return False
    return True


def test_static_holds_fonts_and_their_licences_and_nothing_else() -> None:
    names = [path.name for path in (ROOT / "static").iterdir()]
    assert [name for name in names if not re.fullmatch(r"[\w-]+\.woff2|OFL-[\w-]+\.txt", name)] == []


def said() -> Iterator[tuple[str, str]]:
    """Every literal that ui/ and pages/ say through `tr`, with its place."""
    for path in sources(".py"):
        if path.parts[len(ROOT.parts)] not in ("app.py", "pages", "ui"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "tr"
                and node.args
            ):
                for part in ast.walk(node.args[0]):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield part.value, f"{path.relative_to(ROOT)}:{node.lineno}"
    for entry in ENTRIES:
        yield from ((text, "ui/contents.py") for text in (entry.title, entry.says) if text)


def test_everything_the_pages_say_has_a_chinese_reading() -> None:
    assert [(place, text) for text, place in said() if text not in CHINESE and text not in CATALOGUE] == []


def test_readings_hold_the_same_placeholders() -> None:
    assert [text for text, chinese in CHINESE.items() if placeholders(text) != placeholders(chinese)] == []


def declared() -> Iterator[tuple[str, str]]:
    """Every pair of literals that netlib declares through `words`."""
    for path in sources(".py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(ast.Name("words"), [ast.Constant(str(english)), ast.Constant(str(chinese))]):
                    yield english, chinese


def test_one_sentence_has_one_reading() -> None:
    assert [english for english, chinese in declared() if CHINESE.get(english, chinese) != chinese] == []


def test_no_reading_is_left_over() -> None:
    literals = {
        node.value
        for path in sources(".py")
        if path.parts[len(ROOT.parts)] in ("app.py", "pages", "ui") and path.name != "chinese.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
    }
    assert sorted(set(CHINESE) - literals) == []
