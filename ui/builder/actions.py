"""What a browser may propose: one dict an action, `{"do": "set", "path": "3", "field": "stride", "value": 2}`.

Everything in it is hostile input. An unknown action, address or form is ignored; a value that breaks a rule becomes a
sentence on the desk, and the network stays as it was.
"""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from netlib import KINDS, Block, NetlibError, Network, explain
from netlib.block import Held, all_knobs
from netlib.editing import block_at, duplicated, inserted, list_at, moved, removed, replaced, with_input
from netlib.knob import REQUIRED, Choice, Knob, Size, Switch, Whole
from netlib.presets import PRESETS
from netlib.words import words
from ui.builder.desk import ROWS, Desk
from ui.builder.places import joined, parted, relocated, shifted
from ui.builder.saving import save
from ui.text import printable

Action = Mapping[str, Any]

INPUT = "input"
LONGEST_PATH = 200
LONGEST_TYPED = 10_000
"""Letters of a name that is refused with its rule, and not ignored."""
LONGEST_TEXT = 256 * 1024
"""Characters of an uploaded text that are looked at; the network's own limit is smaller and says so itself."""

LONGEST_FILE = 60
_OF_FILE = words(
    "{file} cannot be taken: {why}. Choose a file that “Download JSON” has saved.",
    "无法采用 {file}：{why}。请选择用“下载 JSON”保存的文件。",
)

STARTS: dict[str, dict[str, Any]] = {
    "vector": {"dims": [64]},
    "sequence": {"dims": [16, 32]},
    "signal": {"dims": [1, 128], "layout": "signal"},
    "image": {"dims": [1, 28, 28]},
    "volume": {"dims": [1, 16, 16, 16]},
    "tokens": {"dims": [16], "dtype": "int64"},
}
"""What the input becomes when another layout is chosen."""


class Unreadable(Exception):
    """An action that the picture would never send."""


def act(desk: Desk, action: object) -> Desk:
    """The desk after an action; the same desk where the action makes no sense."""
    if not isinstance(action, Mapping):
        return desk
    name = action.get("do")
    do = ACTIONS.get(name) if isinstance(name, str) else None
    if do is None:
        return desk
    try:
        return do(desk.with_(note=None, focus=None), action)
    except ValidationError as error:
        return desk.with_(note=explain(error)[0], held=None)
    except NetlibError as error:
        return desk.with_(note=error.message, held=None)
    except (Unreadable, KeyError):
        return desk


def _set(desk: Desk, action: Action) -> Desk:
    """Gives a field a value; `live` while a slider is held."""
    path, field = _path(action), _text(action, "field")
    value = action.get("value")
    held = f"{path} {field}" if action.get("live") is True else None
    if path == INPUT:
        network = _with_input(desk.network, field, value)
    else:
        block = block_at(desk.network, path)
        if field not in {knob.name for knob in all_knobs(type(block)) if not isinstance(knob, Held)}:
            raise Unreadable(field)
        network = replaced(desk.network, path, block.with_(**{field: value}))
    changed = desk.changed(network, held=held or _held_by(desk, path, field), open=path)
    return changed.with_(held=held)


def _held_by(desk: Desk, path: str, field: str) -> str | None:
    """The drag that a settled value ends, if it is this field's."""
    return desk.held if desk.held == f"{path} {field}" else None


def _with_input(network: Network, field: str, value: Any) -> Network:
    if field == "layout" and isinstance(value, str) and value in STARTS:
        return with_input(network, **STARTS[value])
    if field == "dtype":
        return with_input(network, dtype=value)
    x = network.input
    name, _, axis = field.partition(".")
    if name != "dims" or not axis.isdecimal() or int(axis) >= len(x.dims):
        raise Unreadable(field)
    dims = [value if index == int(axis) else size for index, size in enumerate(x.dims)]
    return with_input(network, dims=dims, dtype=x.dtype, layout=x.layout)


def _add(desk: Desk, action: Action) -> Desk:
    """Puts a new block of a kind at a place, and opens it."""
    where, index, kind = _text(action, "where"), _whole(action, "index"), _text(action, "kind")
    if kind not in KINDS:
        raise Unreadable(kind)
    index = max(0, min(index, len(list_at(desk.network, where))))
    network = inserted(desk.network, where, index, starting(kind))
    return desk.changed(network, open=joined(where, index), folds=_shift(desk.folds, where, index, 1))


def starting(kind: str) -> Block:
    """A block of a kind as it comes from the palette: what must be stated has its knob's starting value."""
    knobs = [knob for knob in all_knobs(KINDS[kind]) if knob.default is REQUIRED]
    return KINDS[kind].model_validate({knob.name: start_of(knob) for knob in knobs})


def start_of(knob: Knob) -> Any:
    """The value a field starts from when it is first stated."""
    if knob.start is not None:
        return knob.start
    if knob.default is not REQUIRED and knob.default is not None:
        return knob.default
    match knob:
        case Choice(options=options):
            return options[0]
        case Switch():
            return False
        case Size(lo=lo) | Whole(lo=lo):
            return lo
        case _:
            return 0.0


def _delete(desk: Desk, action: Action) -> Desk:
    """Takes a block out, and opens its neighbour."""
    path = _path(action)
    network = removed(desk.network, path)
    where, index = parted(path)
    left = len(list_at(network, where))
    neighbour = joined(where, min(index, left - 1)) if left else None
    inner = frozenset(fold for fold in desk.folds if not (fold == path or fold.startswith(f"{path}.")))
    return desk.changed(network, open=neighbour, folds=_shift(inner, where, index, -1))


def _duplicate(desk: Desk, action: Action) -> Desk:
    """Puts a copy behind a block, and opens it."""
    path = _path(action)
    network = duplicated(desk.network, path)
    where, index = parted(path)
    return desk.changed(network, open=joined(where, index + 1), folds=_shift(desk.folds, where, index + 1, 1))


def _move(desk: Desk, action: Action) -> Desk:
    """Moves a block by some places within its list, or to a place in any list."""
    path = _path(action)
    block_at(desk.network, path)
    if "by" in action:
        where, index = parted(path)
        target = max(0, min(index + _whole(action, "by"), len(list_at(desk.network, where)) - 1))
        network, now = moved(desk.network, path, target - index), joined(where, target)
    else:
        network, now = relocated(desk.network, path, _text(action, "where"), _whole(action, "index"))
    return desk.changed(network, open=now, folds=frozenset())


def _fix(desk: Desk, action: Action) -> Desk:
    """Does one of the repairs that a problem offers, and points at the field that it changed."""
    path, number = _path(action), _whole(action, "number")
    problem = desk.trace.step(path).problem
    if problem is None or not 0 <= number < len(problem.fixes):
        raise Unreadable(path)
    fix = problem.fixes[number]
    where, index = parted(fix.path)
    new = len(fix.repair.before)
    return desk.changed(
        fix.apply(desk.network),
        open=joined(where, index + new),
        focus=fix.repair.changes[0][0] if fix.repair.changes else None,
        folds=_shift(desk.folds, where, index, new),
    )


def _add_branch(desk: Desk, action: Action) -> Desk:
    """Gives a block with branches one more, empty."""
    path = _path(action)
    block, knob = _branched(desk, path)
    branches = getattr(block, knob.name)
    return desk.changed(replaced(desk.network, path, block.with_(**{knob.name: (*branches, ())})), open=path)


def _delete_branch(desk: Desk, action: Action) -> Desk:
    """Takes a branch away, with what is in it."""
    path, number = _path(action), _whole(action, "number")
    block, knob = _branched(desk, path)
    branches = getattr(block, knob.name)
    if not 0 <= number < len(branches):
        raise Unreadable(path)
    left = (*branches[:number], *branches[number + 1 :])
    return desk.changed(replaced(desk.network, path, block.with_(**{knob.name: left})), open=path)


def _branched(desk: Desk, path: str) -> tuple[Block, Held]:
    """The block at a path and the field that holds its branches."""
    block = block_at(desk.network, path)
    for knob in all_knobs(type(block)):
        if isinstance(knob, Held) and knob.lists:
            return block, knob
    raise Unreadable(path)


def _preset(desk: Desk, action: Action) -> Desk:
    """Takes a preset."""
    slug = _text(action, "slug")
    if slug not in PRESETS:
        raise Unreadable(slug)
    return _taken(desk, PRESETS[slug].network())


def _load(desk: Desk, action: Action) -> Desk:
    """Takes the network of an uploaded file; a refusal begins with the file's name."""
    text, file = (
        _text(action, "text", LONGEST_TEXT),
        printable(str(action.get("file") or "JSON"), LONGEST_FILE),
    )
    try:
        network = Network.from_json(text)
    except NetlibError as error:
        raise NetlibError(_OF_FILE, file=file, why=error.message) from None
    return _taken(desk, network)


def _taken(desk: Desk, network: Network) -> Desk:
    return desk.changed(network, open=None, folds=frozenset(), rows=ROWS)


def _keep(desk: Desk, _: Action) -> Desk:
    return desk.with_(kept=desk.net)


def _forget(desk: Desk, _: Action) -> Desk:
    return desk.with_(kept=None)


def _back(desk: Desk, _: Action) -> Desk:
    """Takes the kept network again."""
    if desk.kept is None:
        raise Unreadable("nothing is kept")
    return _taken(desk, Network.from_json(desk.kept))


def _open(desk: Desk, action: Action) -> Desk:
    """Opens a row, or none. A row that is gone shows nothing."""
    return desk.with_(open=_path(action) if action.get("path") is not None else None)


def _fold(desk: Desk, action: Action) -> Desk:
    """Folds a row that is unfolded, and the other way round."""
    path = _path(action)
    if path not in desk.folds and len(desk.folds) >= ROWS:
        raise Unreadable("too many folds")
    return desk.with_(folds=desk.folds ^ {path})


def _more(desk: Desk, _: Action) -> Desk:
    return desk.with_(rows=desk.rows + ROWS)


ACTIONS: dict[str, Callable[[Desk, Action], Desk]] = {
    "set": _set,
    "add": _add,
    "delete": _delete,
    "duplicate": _duplicate,
    "move": _move,
    "fix": _fix,
    "add branch": _add_branch,
    "delete branch": _delete_branch,
    "preset": _preset,
    "load": _load,
    "save": lambda desk, action: save(desk, _text(action, "name", LONGEST_TYPED)),
    "undo": lambda desk, action: desk.undone(),
    "redo": lambda desk, action: desk.redone(),
    "keep": _keep,
    "forget": _forget,
    "back": _back,
    "open": _open,
    "fold": _fold,
    "more": _more,
    "hush": lambda desk, action: desk,
}


def _shift(folds: frozenset[str], where: str, index: int, by: int) -> frozenset[str]:
    return frozenset(shifted(fold, where, index, by) for fold in folds)


def _text(action: Action, name: str, longest: int = LONGEST_PATH) -> str:
    value = action.get(name)
    if not isinstance(value, str) or len(value) > longest:
        raise Unreadable(name)
    return value


def _path(action: Action) -> str:
    return _text(action, "path")


def _whole(action: Action, name: str) -> int:
    value = action.get(name)
    if type(value) is not int or abs(value) > 10_000:
        raise Unreadable(name)
    return value
