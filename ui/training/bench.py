"""The bench: what a session keeps of the training page, as a frozen value.

It goes into the session as text and small numbers. The run itself is nowhere in it but by its id: whatever becomes of
a session, a run goes on, and stands in the history.
"""

import functools
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Self

from pydantic import ValidationError

from netlib import BadLink, Message, Network, TooBig
from netlib.training import RunSpec, sentences
from netlib.training.data.fit import fit
from netlib.training.sentence import from_data, to_data
from netlib.training.store.records import RunRow
from netlib.training.value import Value
from netlib.words import words
from ui.training.starts import FIRST_DATA, PROVEN, is_known, proven, slug_of, start

NET = "net"
"""Where the session keeps the builder's network, as JSON text."""
BENCH = "training"
WORDS = "data.words"
"""The place of both words of the toy text task: each is as long as the other."""
Session = MutableMapping[str | int, Any]
"""What Streamlit's session is, as far as this page needs it."""
BUILDER, OWN = "builder", "own"
"""Sources of a network beside the presets: the builder's, and one that a repair or a run brought."""

_EMPTY = words("{field} is empty: it needs a number", "{field} 为空：需要一个数")
_OLD = words(
    "This version no longer reads the settings of run {run}. Its curves are shown.",
    "此版本无法再读取运行 {run} 的设置。仍显示其曲线。",
)


class Address(NamedTuple):
    """The parameters of the page's address: the run that is shown, the network as a link, the data set's name."""

    run: str | None = None
    net: str | None = None
    data: str | None = None


NOWHERE = Address()


@dataclass(frozen=True)
class Bench:
    """What lies ready on the training page.

    Attributes:
        spec: the settings of the next run, its network included.
        source: where that network comes from: a preset's slug, BUILDER or OWN.
        run: the run that is shown.
        revision: counts changes that no widget has made, so that the widgets are built anew.
        note: a sentence for the person, until the next action.
        refused: what stands in a widget and is not in `spec`, because it breaks a rule: its place and the rule. While
            there is any, no run can start.
        builder: the builder's network as this page last saw it, as text.
        address: what stands in the address, as this page last read or wrote it.
        pages: how far the list of runs is unfolded.
    """

    spec: RunSpec
    source: str
    run: str | None = None
    revision: int = 0
    note: Message | None = None
    refused: Mapping[str, Message] = field(default_factory=dict)
    builder: str | None = None
    address: Address = NOWHERE
    pages: int = 1

    @classmethod
    def fresh(cls, data: str = FIRST_DATA) -> Self:
        """The bench of a session that has just begun."""
        slug, spec = start(data)
        return cls(spec, slug)

    def with_(self, **attributes: Any) -> Self:
        """The bench with other attributes."""
        return replace(self, **attributes)

    def renewed(self, **attributes: Any) -> Self:
        """The bench with other attributes that the widgets do not know of yet."""
        return replace(self, revision=self.revision + 1, note=None, refused={}, **attributes)

    def value(self, place: str) -> Any:
        """The setting at a place: "batch", "optimiser.learning_rate"."""
        held: Any = self.spec
        for name in place.split("."):
            held = getattr(held, name)
        return held

    def set(self, place: str, value: Any) -> Self:
        """The bench with a setting changed; where the value breaks a rule, the one before stays and the rule is kept."""
        section, _, name = place.rpartition(".")
        try:
            if section:
                held: Value = getattr(self.spec, section)
                spec = self.spec.with_(**{section: held.with_(**{name: value})})
            else:
                spec = self.spec.with_(**{name: value})
        except ValidationError as error:
            rule = Message(_EMPTY, field=name) if value is None else sentences(error)[0]
            return self.refusing(place, rule)
        return replace(self.refusing(place, None), spec=spec)

    def refusing(self, place: str, rule: Message | None) -> Self:
        """The bench with what stands in a widget refused by a rule, or by none any more."""
        others = {name: held for name, held in self.refused.items() if name != place}
        return replace(self, note=None, refused={**others, place: rule} if rule else others)

    def with_data(self, name: str) -> Self:
        """The bench for another data set: the same network where it fits, else the preset that the data start with."""
        if not is_known(name) or name == self.spec.data.name:
            return self
        data = self.spec.data.with_(name=name)
        if fit(self.spec.network, data).ok:
            return self.renewed(spec=self.spec.with_(data=data))
        slug, spec = start(name)
        return self.renewed(spec=spec, source=slug)

    def with_words(self, source: str, target: str) -> Self:
        """The bench for other words of the toy text task; those that break a rule stay in their boxes."""
        try:
            data = self.spec.data.with_(source=source.strip(), target=target.strip())
        except ValidationError as error:
            return self.refusing(WORDS, sentences(error)[0])
        return self.renewed(spec=self.spec.with_(data=data))

    def with_network(self, source: str, builder: str | None) -> Self:
        """The bench with a network from another source; a preset brings the settings it is known to learn with."""
        if source == BUILDER and builder is not None:
            return self.taking(Network.from_json(builder), BUILDER).with_(builder=builder)
        if source in (BUILDER, OWN):
            return self
        known = proven(source, self.spec.data)
        if source in PROVEN:
            return self.renewed(spec=known.with_(device=self.spec.device), source=source)
        return self.renewed(spec=self.spec.with_(network=known.network), source=source)

    def taking(self, network: Network, source: str) -> Self:
        """The bench with another network."""
        return self.renewed(spec=self.spec.with_(network=network), source=source)

    def showing(self, row: RunRow) -> Self:
        """The bench with a run shown, and its settings ready to be run again."""
        try:
            spec = unsettled(row.spec())
        except ValidationError:
            return self.renewed(run=row.id).with_(note=Message(_OLD, run=row.id))
        source = BUILDER if spec.network.to_json() == self.builder else slug_of(spec.network) or OWN
        return self.renewed(spec=spec, source=source, run=row.id)

    def following(self, builder: str | None) -> Self:
        """The bench after a look at the builder: a network that was changed there is the one to train."""
        if builder is None or builder == self.builder:
            return self
        try:
            network = Network.from_json(builder)
        except BadLink:
            return self
        if network == self.spec.network and self.source != OWN:
            return self.with_(builder=builder)
        return self.taking(network, BUILDER).with_(builder=builder)

    def linked(self) -> str | None:
        """The network's link for the address; None for a preset, and for one too long for a link."""
        if self.source not in (BUILDER, OWN):
            return None
        try:
            return self.spec.network.to_link()
        except TooBig:
            return None


def unsettled(spec: RunSpec) -> RunSpec:
    """The spec without what the machine filled in, so that equal settings are equal specs again."""
    return spec.with_(threads=None, fused=None, layout=None, precision=None)


def load(session: Session) -> Bench | None:
    """The session's bench, or None where there is none that can be read."""
    held = session.get(BENCH)
    if not isinstance(held, dict):
        return None
    try:
        read = {
            "spec": spec_of(held["spec"]),
            "note": from_data(held["note"]),
            "refused": {place: rule for place, data in held["refused"].items() if (rule := from_data(data))},
            "address": Address(*held["address"]),
        }
        return Bench(**{**held, **read})
    except (ValidationError, KeyError, TypeError, AttributeError):
        return None


def save(session: Session, bench: Bench) -> None:
    """Writes the bench into the session, as plain values."""
    session[BENCH] = {
        "spec": bench.spec.to_json(),
        "source": bench.source,
        "run": bench.run,
        "revision": bench.revision,
        "note": to_data(bench.note) if bench.note else None,
        "refused": {place: to_data(rule) for place, rule in bench.refused.items()},
        "builder": bench.builder,
        "address": list(bench.address),
        "pages": bench.pages,
    }


@functools.lru_cache(maxsize=128)
def spec_of(text: str) -> RunSpec:
    """The spec behind a text that the app has written.

    Raises:
        ValidationError: for any other.
    """
    return RunSpec.from_json(text)
