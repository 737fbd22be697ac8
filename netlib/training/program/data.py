"""The piece of a program that reads the samples, splits them and prepares them as the run did."""

import ast
from importlib.resources import files

from netlib.errors import NetlibError
from netlib.tensortype import TensorType
from netlib.training.data.datasets import DataSet, data_set
from netlib.training.data.feeding import RESIDENT_BYTES, Feeding, feeding
from netlib.training.data.names import PADDING
from netlib.training.data.names17 import LANGUAGES, LONGEST_NAME
from netlib.training.data.torchvision_data import Torchvision
from netlib.training.data_spec import DataSpec
from netlib.training.run.estimate import sample_counts
from netlib.training.spec import RunSpec
from netlib.words import words

NO_PROGRAM = words(
    "There is no program for runs on {label} yet: it cannot state where the samples come from.",
    "暂时无法为 {label} 上的运行生成程序：程序无法说明样本的来源。",
)
DIGITS = """\
from sklearn.datasets import load_digits

found = load_digits()
inputs = torch.from_numpy(found.images[:, None].astype("float32"))  # (1797, 1, 8, 8), values 0 to 16
targets = torch.from_numpy(found.target.astype("int64"))"""
TORCHVISION = """\
from torchvision import datasets


def half(train):
    data = datasets.{cls}("datasets", train=train, download=True)
    images = torch.as_tensor(data.data)
    images = images.permute(0, 3, 1, 2) if images.ndim == 4 else images[:, None]
    return images.contiguous(), torch.as_tensor(data.targets, dtype=torch.int64)


train_x, train_y = half(train=True)
valid_x, valid_y = half(train=False)"""
HELLO = """\
SOURCE, TARGET = {source!r}, {target!r}
letters = sorted(set(SOURCE + TARGET))
train_x = valid_x = torch.tensor([[letters.index(letter) for letter in SOURCE]])
train_y = valid_y = torch.tensor([[letters.index(letter) for letter in TARGET]])"""
SPLIT = """\
order = torch.randperm(len(targets), generator=torch.Generator().manual_seed({seed}))
kept = len(targets) - math.ceil(len(targets) * {share})
train_x, train_y = inputs[order[:kept]], targets[order[:kept]]
valid_x, valid_y = inputs[order[kept:]], targets[order[kept:]]"""


NAMES = """\
import csv

LANGUAGES = {languages!r}
TRAIN = \"\"\"{train}\"\"\"
TEST = \"\"\"{test}\"\"\"


def half(text):
    rows = list(csv.reader(text.splitlines()))
    codes = torch.zeros(len(rows), {longest}, dtype=torch.int64)  # ASCII codes, 0 after the last letter
    for row, (name, _) in enumerate(rows):
        codes[row, : len(name)] = torch.tensor(list(name.encode("ascii")))
    return codes, torch.tensor([LANGUAGES.index(language) for _, language in rows])


train_x, train_y = half(TRAIN)
valid_x, valid_y = half(TEST)"""


def data(spec: RunSpec) -> str:
    """Code that leaves `train_x`, `train_y`, `valid_x`, `valid_y` on the device, and `batch(x, y, index)`.

    Raises:
        NetlibError: for data whose origin a program cannot state, or that do not fit the network.
    """
    about, given = data_set(spec.data), spec.network.input
    way = feeding(about, given)
    if way is None:
        raise NetlibError(NO_PROGRAM, label=about.label)
    parts = [_reading(spec.data, about)]
    if spec.data.train_samples is not None:
        parts.append(
            f"train_x, train_y = train_x[: {spec.data.train_samples}], train_y[: {spec.data.train_samples}]"
        )
    prepare, batch = prepared(about, way), _format("x[index]", spec, given)
    if prepare:
        parts.append(
            "\n\n" + _function("prepare", "x", "Samples as the network takes them.", prepare) + "\n\n"
        )
    for half, raw in zip(("train", "valid"), _raw(spec, about, given), strict=True):
        x = f"prepare({half}_x)" if prepare and not raw else f"{half}_x"
        parts.append(
            f"{half}_x, {half}_y = {_format(x, spec, given) if not raw else x}.to(DEVICE), {half}_y.to(DEVICE)"
        )
    raws = _raw(spec, about, given)
    if prepare and any(raws):
        batch = _batch_of_raw(spec, given, *raws)
    says = "Inputs and targets of some samples, ready for the network."
    parts.append("\n\n" + _function("batch", "x, y, index", says, f"return {batch}, y[index]"))
    return "\n".join(parts)


def _raw(spec: RunSpec, about: DataSet, given: TensorType) -> tuple[bool, bool]:
    """Whether a half's samples are prepared by the batch, since all at once they would take too much."""
    train, held = sample_counts(spec, about)
    return train * given.nbytes > RESIDENT_BYTES, held * given.nbytes > RESIDENT_BYTES


def _batch_of_raw(spec: RunSpec, given: TensorType, train: bool, held: bool) -> str:
    if train and held:
        return _format("prepare(x[index])", spec, given)
    one = "train_x" if train else "valid_x"
    return _format(f"(prepare(x[index]) if x is {one} else x[index])", spec, given)


def _format(x: str, spec: RunSpec, given: TensorType) -> str:
    if spec.layout == "channels_last" and given.layout == "image":
        return f"{x}.contiguous(memory_format=torch.channels_last)"
    return x


def _reading(spec: DataSpec, about: DataSet) -> str:
    reader = getattr(about.load, "__self__", None)
    if isinstance(reader, Torchvision):
        return TORCHVISION.format(cls=reader.cls)
    match about.name:
        case "digits":
            return f"{DIGITS}\n{_split(spec)}"
        case "shapes28":
            return f"{_module('shapes.py')}\n\n\ninputs, targets = map(torch.from_numpy, drawn())\n{_split(spec)}"
        case "hello":
            return HELLO.format(source=spec.source, target=spec.target)
        case "names17":
            return _names()
    raise NetlibError(NO_PROGRAM, label=about.label)


def _names() -> str:
    train, test = (
        files("netlib.training.data").joinpath("names17", name).read_text(encoding="ascii")
        for name in ("train.csv", "test.csv")
    )
    return NAMES.format(languages=LANGUAGES, train=train, test=test, longest=LONGEST_NAME)


def _split(spec: DataSpec) -> str:
    return SPLIT.format(seed=spec.split_seed, share=spec.validation)


def prepared(about: DataSet, way: Feeding) -> list[str]:
    """Statements that turn samples `x` as they come into what the network takes; none where they stay."""
    if about.task == "text":
        padding = way.steps - about.dims[0]
        lines = [f"x = F.pad(x, (0, {padding}))"] if padding else []
        if way.way == "ids":
            return [*lines, "return x"] if lines else []
        return [*lines, f"return F.one_hot(x, {about.vocabulary}).float() * x.ne({PADDING}).unsqueeze(-1)"]
    if way.way == "ids":
        return []
    if way.way == "one-hot":
        return [f"return F.one_hot(x, {about.classes}).float()"]
    lines = [f"x = x.float() / {about.divisor:g}" if about.divisor != 1 else "x = x.float()"]
    if about.dims[1:] != way.inner:
        shrinks = way.inner[0] < about.dims[1] or way.inner[1] < about.dims[2]
        size = f"{way.inner}, mode='bilinear', align_corners=False, antialias={shrinks}".replace("'", '"')
        lines.append(f"x = F.interpolate(x, {size})")
    height, width = way.margin
    if height or width:
        lines.append(f"x = F.pad(x, {(width, width, height, height)})")
    if about.mean:
        lines += [
            f"mean = torch.tensor({about.mean}, device=x.device).view(1, -1, 1, 1)",
            f"std = torch.tensor({about.std}, device=x.device).view(1, -1, 1, 1)",
            "x = (x - mean) / std",
        ]
    last = lines.pop().removeprefix("x = ")
    ending = {"rows": ".squeeze(1)", "flat": ".flatten(1)"}.get(way.way, "")
    return [*lines, f"return ({last}){ending}" if ending else f"return {last}"]


def _function(name: str, arguments: str, says: str, body: list[str] | str) -> str:
    lines = [body] if isinstance(body, str) else body
    return "\n".join([f"def {name}({arguments}):", f'    """{says}"""', *(f"    {line}" for line in lines)])


def _module(name: str) -> str:
    """The text of a module beside the data sets, from below its docstring on."""
    text = files("netlib.training.data").joinpath(name).read_text(encoding="utf-8")
    first = ast.parse(text).body[0]
    return "\n".join(text.splitlines()[first.end_lineno or 0 :]).strip()
