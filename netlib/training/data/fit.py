"""Whether a network fits a data set: what flows in, what must come out, and changes that make it so. No torch.

Every fix that is offered has been tried: the network it leads to fits.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from netlib import Network, trace
from netlib.training.data.arrays import DataUnavailable
from netlib.training.data.datasets import DataSet, data_set
from netlib.training.data.feeding import LEAST_SIDE, Feeding, feeding
from netlib.training.data.fit_notes import notes, times
from netlib.training.data.refit import Change, input_changes, output_changes, vocabulary_changes
from netlib.training.data_spec import DataSpec
from netlib.words import Message, words

MOST_CHANGES = 4
"""Single changes that one fix may be made of."""
MOST_FIXES = 3

_BROKEN = words("{where} cannot run: {why}", "{where} 无法运行：{why}")
_NETWORK = words("the network", "网络")
_CHANNELS = words(
    "the channels do not agree: {label} has {has}, the network takes {takes}",
    "通道数不一致：{label} 有 {has} 个，网络接受 {takes} 个",
)
_SMALL = words(
    "images must be at least {least} × {least} pixels, but the network takes {dims}",
    "图像至少要有 {least} × {least} 像素，但网络接受 {dims}",
)
_IMAGES = words(
    "{label} holds images of {dims}, but the network takes {got}",
    "{label} 是 {dims} 的图像，但网络接受 {got}",
)
_SEQUENCE = words(
    "{label} is {steps} letters out of {classes}: the network must take {steps} ids, or {steps} × {classes} "
    "one-hot numbers, but it takes {got}",
    "{label} 由 {classes} 种字母中的 {steps} 个组成：网络应接受 {steps} 个索引，或 {steps} × {classes} 的独热编码，"
    "但它接受 {got}",
)
_TEXT = words(
    "{label} has up to {steps} letters: the network must take at least {steps} ids, or {steps} × {codes} one-hot "
    "numbers, but it takes {got}",
    "{label} 最长 {steps} 个字母：网络应至少接受 {steps} 个索引，或 {steps} × {codes} 的独热编码，但它接受 {got}",
)
_INPUT_HINT = words("Change the network's input, or choose other data.", "请修改网络的输入，或选择其他数据。")
_VOCABULARY = words(
    "{where} knows {got} letters, but the words have {needed}",
    "{where} 只有 {got} 个字母，但单词里有 {needed} 个",
)
_CODES = words(
    "{where} knows {got} ids, but letters have ASCII codes below {needed}",
    "{where} 只有 {got} 个索引，但字母的 ASCII 码小于 {needed}",
)
_CLASSES = words(
    "there are {classes} classes, but the network gives {got} numbers",
    "共有 {classes} 个类别，但网络输出 {got} 个数",
)
_WANTS_VECTOR = words(
    "an image has one class, so the network must give {classes} numbers; it gives {got}",
    "每张图像只有一个类别，网络应输出 {classes} 个数；它输出 {got}",
)
_WANTS_ONE = words(
    "a text has one class, so the network must give {classes} numbers; it gives {got}",
    "每段文本只有一个类别，网络应输出 {classes} 个数；它输出 {got}",
)
_WANTS_SEQUENCE = words(
    "every letter needs {classes} scores, so the network must give {steps} × {classes}; it gives {got}",
    "每个字母需要 {classes} 个分数，网络应输出 {steps} × {classes}；它输出 {got}",
)
_AUXILIARY = words(
    "the auxiliary head {where} gives {got}, but there are {classes} classes",
    "辅助分类器 {where} 输出 {got}，但共有 {classes} 个类别",
)
_OUTPUT_HINT = words("End with one number a class.", "最后应为每个类别输出一个数。")
_NOTHING = words(
    "the network has no parameters, so there is nothing to train", "网络没有参数，因此没有可训练的内容"
)
_ONE_VALUE = words(
    "{where} cannot learn from one sample at a time: it needs more than one value a channel",
    "{where} 无法每次只从一个样本学习：每个通道需要多于一个值",
)
_BATCH_HINT = words("Choose a batch of at least 2.", "请把批量设为至少 2。")
_THEN = words("{first}, then {second}", "{first}，然后{second}")


@dataclass(frozen=True)
class Fix:
    """A change to the network, as a page offers it: a label, and the network it leads to."""

    label: Message
    changes: tuple[Change, ...]

    def apply(self, network: Network) -> Network:
        """The network with the changes made; made for the network that `fit` was asked about."""
        for change in self.changes:
            network = change.apply(network)
        return network


@dataclass(frozen=True)
class Problem:
    """Why a network cannot train on these data, in words, with changes after which it can."""

    message: Message
    hint: Message
    fixes: tuple[Fix, ...] = ()


@dataclass(frozen=True)
class Fit:
    """What `fit` found: a problem, or none and how the samples are given; notes stop nothing."""

    problem: Problem | None
    notes: tuple[Message, ...] = ()
    way: Feeding | None = None

    @property
    def ok(self) -> bool:
        """Whether the network can train on the data."""
        return self.problem is None


@lru_cache(maxsize=512)
def fit(network: Network, spec: DataSpec, batch: int | None = None) -> Fit:
    """Whether `network` can train on the data that `spec` names, in batches of `batch`; about a millisecond."""
    try:
        data = data_set(spec)
    except DataUnavailable as error:
        return Fit(Problem(error.message, Message()))
    problem, candidates = _first_problem(network, data, batch)
    if problem is None:
        way = feeding(data, network.input)
        assert way is not None
        return Fit(None, tuple(notes(network, data, way)), way)
    fixes: dict[Network, Fix] = {}
    for change in candidates:
        if len(fixes) == MOST_FIXES:
            break
        mended = _mended(network, data, batch, change)
        if mended and mended[1] not in fixes:
            fixes[mended[1]] = _fix(mended[0])
    return Fit(Problem(problem.message, problem.hint, tuple(fixes.values())))


@lru_cache(maxsize=512)
def fits(network: Network, spec: DataSpec, batch: int | None = None) -> bool:
    """Whether `fit` finds no problem, without the search for what would mend one."""
    try:
        return _first_problem(network, data_set(spec), batch)[0] is None
    except DataUnavailable:
        return False


def _fix(changes: tuple[Change, ...]) -> Fix:
    label = changes[0].label
    for change in changes[1:]:
        label = Message(_THEN, first=label, second=change.label)
    return Fix(label, changes)


def _mended(
    network: Network, data: DataSet, batch: int | None, first: Change
) -> tuple[tuple[Change, ...], Network] | None:
    """`first` and what else must change until the network fits; None when that is not found soon."""
    changes: list[Change] = []
    change: Change | None = first
    while change is not None and len(changes) < MOST_CHANGES:
        network = change.apply(network)
        changes.append(change)
        problem, candidates = _first_problem(network, data, batch)
        if problem is None:
            return tuple(changes), network
        change = next(candidates, None)
    return None


def _first_problem(
    network: Network, data: DataSet, batch: int | None
) -> tuple[Problem | None, Iterator[Change]]:
    """What is wrong first, from the input on, and the single changes that may help."""
    for look in (_at_input, _inside, _at_vocabulary, _at_output, _at_heads):
        found = look(network, data)
        if found:
            return found
    return _at_batch(network, data, batch), iter(())


Found = tuple[Problem, Iterator[Change]] | None


def _at_input(network: Network, data: DataSet) -> Found:
    given = network.input
    if feeding(data, given):
        return None
    hint = Message(_INPUT_HINT)
    if data.task == "sequence":
        message = Message(
            _SEQUENCE, label=data.label, steps=data.dims[0], classes=data.classes, got=str(given)
        )
    elif data.task == "text":
        message = Message(_TEXT, label=data.label, steps=data.dims[0], codes=data.vocabulary, got=str(given))
    elif given.layout == "image" and given.dims[0] != data.dims[0]:
        message = Message(_CHANNELS, label=data.label, has=data.dims[0], takes=given.dims[0])
    elif given.layout in ("image", "sequence") and min(given.dims[-2:]) < LEAST_SIDE:
        message = Message(_SMALL, least=LEAST_SIDE, dims=str(given))
    else:
        message = Message(_IMAGES, label=data.label, dims=times(data.dims), got=str(given))
    return Problem(message, hint), input_changes(network, data)


def _inside(network: Network, data: DataSet) -> Found:  # noqa: ARG001  # every look has the same arguments
    found = trace(network)
    broken = next((step for step in found.problems if step.problem), None)
    if broken is None or broken.problem is None:
        return None
    where = found.where(broken) or _NETWORK
    problem = broken.problem
    message = Message(_BROKEN, where=where, why=problem.message)
    return Problem(message, problem.hint), (Change(fix.label, fix.apply) for fix in problem.fixes)


def _at_vocabulary(network: Network, data: DataSet) -> Found:
    if network.input.layout != "tokens":
        return None
    found, needed = trace(network), data.vocabulary or data.classes
    for step in found.leaves:
        known = getattr(step.block, "num_embeddings", needed)
        if known < needed:
            where = found.where(step)
            says = _CODES if data.task == "text" else _VOCABULARY
            message = Message(says, where=where, got=known, needed=needed)
            return Problem(message, Message()), vocabulary_changes(step.path, where, needed)
    return None


def _at_output(network: Network, data: DataSet) -> Found:
    found = trace(network)
    output, classes = found.output, data.classes
    wanted = (*data.dims, classes) if data.task == "sequence" else (classes,)
    layout = "sequence" if data.task == "sequence" else "vector"
    assert output is not None
    if output.layout == layout and output.dims == wanted:
        if found.params == 0:
            return Problem(Message(_NOTHING), Message(_OUTPUT_HINT)), output_changes(network, data)
        return None
    if output.layout == layout and output.dims[:-1] == wanted[:-1]:
        message = Message(_CLASSES, classes=classes, got=output.dims[-1])
    elif data.task == "sequence":
        message = Message(_WANTS_SEQUENCE, steps=data.dims[0], classes=classes, got=str(output))
    elif data.task == "text":
        message = Message(_WANTS_ONE, classes=classes, got=str(output))
    else:
        message = Message(_WANTS_VECTOR, classes=classes, got=str(output))
    return Problem(message, Message(_OUTPUT_HINT)), output_changes(network, data)


def _at_heads(network: Network, data: DataSet) -> Found:
    found = trace(network)
    main = found.output
    for step in found.steps:
        if not step.is_tap:
            continue
        given = step.children[0].output if step.children else None
        if given is not None and main is not None and given.dims != main.dims:
            where = found.where(step) or step.title
            message = Message(_AUXILIARY, where=where, got=str(given), classes=data.classes)
            return Problem(message, Message(_OUTPUT_HINT)), output_changes(network, data, below=step.path)
    return None


def _at_batch(network: Network, data: DataSet, batch: int | None) -> Problem | None:
    if batch is None or min(batch, data.samples[0]) > 1:
        return None
    found = trace(network)
    for step in found.leaves:
        if step.title.startswith("BatchNorm") and step.input.numel == step.input.channels:
            return Problem(Message(_ONE_VALUE, where=found.where(step)), Message(_BATCH_HINT))
    return None
