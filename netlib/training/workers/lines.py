"""What the app and a worker say to each other: one message a line, in JSON.

The app writes `TrainRun`, `Order` and `Ask` to a worker's stdin; the worker writes `Ready`, `Finished`, `Answered`,
`Unsaved` and `Refused` to its stdout. Metrics do not travel here: the worker writes them into the history itself.
"""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, JsonValue, TypeAdapter, ValidationError

from netlib.errors import NetlibError
from netlib.training.accelerators import Accelerator
from netlib.training.run.protocol import Command
from netlib.training.sentence import from_data, to_data
from netlib.training.spec import State
from netlib.training.value import Value
from netlib.words import Message, words

LONGEST_LINE = 8 << 20
"""Bytes of one message: a network is at most 64 KiB, an answer with feature maps a few MB."""

RunId = Annotated[str, Field(pattern=r"^[a-z0-9]{4,32}$")]
QuestionName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


def _sentence(data: dict[str, Any]) -> dict[str, Any]:
    if from_data(data) is None:
        raise ValueError("no sentence")
    return data


Sentence = Annotated[dict[str, JsonValue], AfterValidator(_sentence)]
"""A `netlib.words.Message` as `sentence.to_data` writes it."""


class TrainRun(Value):
    """Train this run of that history; what it is made of stands in its row.

    `device` is the accelerator that is free for it, where its spec leaves that open.
    """

    kind: Literal["train"] = "train"
    run: RunId
    database: str = Field(min_length=1, max_length=4096)
    device: str | None = Field(None, max_length=16)


class Order(Value):
    """A command for the run that this worker trains."""

    kind: Literal["order"] = "order"
    run: RunId
    command: Annotated[Command, Field(discriminator="kind")]


class Ask(Value):
    """A question to be answered by name; `netlib.questions` has them."""

    kind: Literal["ask"] = "ask"
    number: int = Field(0, ge=0)
    question: QuestionName
    payload: dict[str, JsonValue] = Field(default_factory=dict)


class Ready(Value):
    """The worker is warm; `started` tells its process from a later one with the same number."""

    kind: Literal["ready"] = "ready"
    pid: int
    started: float
    seconds: float = Field(description="from the start of the process, in seconds")
    devices: list[str] = Field(default_factory=lambda: ["cpu"])
    accelerators: list[Accelerator] = Field(default_factory=list)


class Finished(Value):
    """The run is over; `saved`: the history knows; `worn`: this process should not be used again."""

    kind: Literal["finished"] = "finished"
    run: RunId
    state: State
    reason: Sentence | None = None
    saved: bool = True
    worn: bool = False


class Answered(Value):
    """The answer to a question, or the sentence that stands in its place."""

    kind: Literal["answered"] = "answered"
    number: int
    answer: dict[str, JsonValue] | None = None
    refused: Sentence | None = None
    worn: bool = False


class Unsaved(Value):
    """The run goes on, but the history takes nothing, for this reason; None: it does again."""

    kind: Literal["unsaved"] = "unsaved"
    run: RunId
    reason: Sentence | None = None


class Refused(Value):
    """A line that the worker could not take, and why."""

    kind: Literal["refused"] = "refused"
    reason: Sentence


FromApp = TrainRun | Order | Ask
FromWorker = Ready | Finished | Answered | Unsaved | Refused
_FROM_APP: TypeAdapter[FromApp] = TypeAdapter(Annotated[FromApp, Field(discriminator="kind")])
_FROM_WORKER: TypeAdapter[FromWorker] = TypeAdapter(Annotated[FromWorker, Field(discriminator="kind")])


class BadLine(NetlibError):
    """A line is no message of this protocol."""


NOT_A_MESSAGE = words(
    "A line must be one message in JSON, such as {example}; got {got}",
    "每一行必须是一条 JSON 消息，例如 {example}；收到 {got}",
)
TOO_LONG = words("A line must have at most {most} bytes, got more", "一行最多 {most} 字节，收到的更长")
EXAMPLE = '{"kind": "ask", "number": 1, "question": "devices"}'


def to_line(message: FromApp | FromWorker) -> str:
    """The message as one line, newline included."""
    return message.model_dump_json() + "\n"


def read_from_app(line: str) -> FromApp:
    """What the app wants of a worker.

    Raises:
        BadLine: when the line is something else; the sentence shows its start.
    """
    try:
        return _FROM_APP.validate_json(line)
    except ValidationError:
        raise _bad(line) from None


def read_from_worker(line: str) -> FromWorker:
    """What a worker says.

    Raises:
        BadLine: when the line is something else; the sentence shows its start.
    """
    try:
        return _FROM_WORKER.validate_json(line)
    except ValidationError:
        raise _bad(line) from None


def _bad(line: str) -> BadLine:
    got = line.strip()
    return BadLine(NOT_A_MESSAGE, example=EXAMPLE, got=got if len(got) <= 60 else f"{got[:59]}…")


def said(message: Message | None) -> dict[str, Any] | None:
    """A sentence in the form in which lines hold it."""
    return None if message is None else to_data(message)
