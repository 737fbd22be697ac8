"""Data that people bring to the training page: the box for a file, the wait until a worker has read it, what it holds."""

from collections.abc import Mapping
from typing import Any, Protocol

import streamlit as st

from netlib import Message
from netlib.training.data.arrays import DataUnavailable
from netlib.training.data.datasets import DATA_SETS, data_set, title
from netlib.training.data.fit import fit
from netlib.training.data.uploads import shelf
from netlib.training.data.uploads.rules import MOST_BYTES, TOO_LARGE
from netlib.training.data.uploads.scaling import Scaling
from netlib.training.data_spec import DataSpec
from netlib.training.workers.pool import Pool
from netlib.words import words
from ui.numbers import exact
from ui.owner.person import is_shared, me
from ui.text import printable
from ui.training.answers import Answers
from ui.training.bench import Bench, load, save
from ui.words import tr

WAITING = "training_upload"
"""Where the session keeps what a worker is asked to read."""
TURN = "training_upload_turn"
BROUGHT = "training_uploads"
"""Where the session keeps the names of what it has brought."""
SECONDS = 120.0
LOOK_SECONDS = 0.5
MOST_NAMED = 12
"""Classes that are counted by name."""

_UNKEPT = words(
    "{file} could not be kept here: the disk is full or read-only.", "无法保存 {file}：磁盘已满或只读。"
)


class Upload(Protocol):
    """What Streamlit hands over."""

    name: str
    size: int

    def getvalue(self) -> bytes:
        """The bytes."""
        ...


def choices(current: str) -> list[str]:
    """The data there are to choose from: those of the app, then what was brought; on a shared server by this session."""
    brought = st.session_state.get(BROUGHT, []) if is_shared() else shelf.names()
    found = [*DATA_SETS, *(name for name in brought if shelf.is_upload(name))]
    return found if current in found else [*found, current]


def called(name: str) -> str:
    """What a data set is called."""
    return tr(title(DataSpec(name=name)))


def explained(spec: DataSpec) -> str:
    """A sentence about a data set of the app; nothing about others."""
    return tr(DATA_SETS[spec.name].about) if spec.name in DATA_SETS else ""


def offer(pool: Pool, answers: Answers) -> None:
    """Draws the box for a file of one's own, and while one is read, that it is."""
    turn, waits = st.session_state.get(TURN, 0), WAITING in st.session_state
    word = tr("The file is being read…") if waits else tr("Your own data")
    # Under a key of its own for each file, so that it closes once there is one.
    with st.popover(word, width="stretch", disabled=waits, key=f"training.own@{turn}"):
        st.caption(
            tr(
                "A zip with a folder of images for each class or with a table of labels and paths, a .npz with x and "
                "y, or a CSV (also .csv.gz, .tsv, .txt) of names or pixels with labels. At most {most} MB; it stays "
                "on this machine.",
                most=exact(MOST_BYTES >> 20),
            )
        )
        if is_shared():
            st.caption(tr("The latest {count} of yours are kept.", count=exact(shelf.MOST_OWN)))
        key = f"training.file@{turn}"
        st.file_uploader(
            tr("File"),
            None,  # any: what cannot be read is refused in a sentence that says what it is
            key=key,
            on_change=_arrived,
            args=(key,),
            max_upload_size=MOST_BYTES >> 20,
        )
    with st.container():  # there also when nothing waits, or all that follows would move up a place
        if waits:
            st.fragment(lambda: _wait(pool, answers), run_every=LOOK_SECONDS)()


def _arrived(key: str) -> None:
    """Puts the bytes where a worker finds them, and lets the browser's copy go."""
    file: Upload | None = st.session_state.get(key)
    if file is not None:
        bench = load(st.session_state)
        st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
        if file.size > MOST_BYTES:  # the browser sees to it; before the bytes are copied so do we
            _refuse(bench, Message(TOO_LARGE, most=MOST_BYTES >> 20, got=file.size >> 20))
            return
        try:
            waiting = shelf.receive(file.getvalue())
        except OSError:
            _refuse(bench, Message(_UNKEPT, file=printable(file.name)))
            return
        st.session_state[WAITING] = {
            "waiting": waiting,
            "file": printable(file.name),
            "owner": me() or "",
        }


def _refuse(bench: Bench | None, why: Message) -> None:
    if bench is not None:
        save(st.session_state, bench.with_(note=why))


def _wait(pool: Pool, answers: Answers) -> None:
    payload: dict[str, Any] | None = st.session_state.get(WAITING)
    if payload is None:
        return
    answer = answers.ask(pool, "upload", payload, SECONDS)
    if answer is None:
        return
    answers.forget("upload", payload)
    del st.session_state[WAITING]
    bench = load(st.session_state)
    if bench is not None:
        save(st.session_state, taken(bench, answer))
    st.rerun()


def taken(bench: Bench, answer: Mapping[str, Any] | Message) -> Bench:
    """The bench once a file was read: its data chosen, or a sentence why there are none."""
    if isinstance(answer, Message):
        return bench.with_(note=answer)
    name = str(answer["data"])
    brought = [held for held in st.session_state.get(BROUGHT, []) if held != name]
    st.session_state[BROUGHT] = [name, *brought]
    fit.cache_clear()  # it may hold that these data are not here
    return bench.with_data(name)


def _scaled(scaling: Scaling) -> str:
    """How many images are not as they came, their sizes, and the one in which they are kept."""
    least, most, kept = (" × ".join(map(exact, size)) for size in (scaling.least, scaling.most, scaling.kept))
    values = {"count": exact(scaling.count), "size": least, "most": most, "kept": kept}
    if scaling.least == scaling.most:
        said = tr("Images scaled from {size} to {kept} pixels: {count}.", **values)
    else:
        said = tr("Images scaled from between {size} and {most} to {kept} pixels: {count}.", **values)
    return f"{said} {tr('Edges were cut off to make them square.')}" if scaling.cut else said


def notes(spec: DataSpec) -> list[str]:
    """What an upload holds: how many samples of what, how they are halved, and what was left out for which reason."""
    if not shelf.is_upload(spec.name):
        return []
    try:
        about, data = shelf.about(spec.name), data_set(spec)
    except DataUnavailable:
        return []
    train, held = data.samples
    values = {
        "count": exact(sum(about.counts)),
        "classes": exact(len(about.class_names)),
        "train": exact(train),
        "held": exact(held),
    }
    if about.task == "image":
        said = [
            tr(
                "{count} images of {dims} in {classes} classes: {train} to learn from, {held} to validate.",
                dims=" × ".join(map(str, about.dims)),
                **values,
            )
        ]
    else:
        said = [
            tr("{count} names of {classes} classes: {train} to learn from, {held} to validate.", **values)
        ]
    if about.scaled is not None:
        said.append(_scaled(about.scaled))
    counted = list(zip(about.class_names, about.counts, strict=True))
    named = ", ".join(f"{label} {exact(count)}" for label, count in counted[:MOST_NAMED])
    said.append(named + (", …" if len(counted) > MOST_NAMED else ""))
    for row in about.skipped:
        reason = str(row["reason"])
        examples = ", ".join(map(printable, row["examples"]))
        said.append(
            tr("Left out, {count}: {reason}", count=exact(int(row["count"])), reason=tr(reason))
            + (f" ({examples})" if examples else "")
        )
    return said
