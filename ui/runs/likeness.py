"""How alike runs are: whether their curves are equal bit for bit, and if not, what stands in the way."""

from collections.abc import Sequence
from dataclasses import dataclass

from netlib.training import RunSpec
from ui.runs.acting import acting, deciding, learnt
from ui.training.reading import Reading
from ui.training.settings import inside, label
from ui.words import tr

NAMED = 2
"""Settings that a badge names; more are called settings."""


@dataclass(frozen=True)
class Badge:
    """Whether the runs can be compared bit for bit: a word, its tone, and what it means."""

    word: str
    tone: str
    means: str

    def data(self) -> dict[str, str]:
        """The badge as the picture draws it."""
        return {"word": self.word, "tone": self.tone, "means": self.means}


def badge(readings: Sequence[Reading]) -> Badge | None:
    """Whether all runs have the same seed, data, network, settings and machine; None for a single run."""
    if len(readings) < 2:
        return None
    if len({read.row.seed for read in readings}) > 1:
        return Badge(tr("different seeds"), "calm", tr("Part of what differs may be chance."))
    specs = [read.spec for read in readings if read.spec]
    if len(specs) < len(readings):
        means = tr("The settings of a run can no longer be read, so nobody can say what else differs.")
        return Badge(tr("same seed"), "calm", means)
    return _apart(specs) or _elsewhere(readings) or _alike(readings, specs)


def _apart(specs: Sequence[RunSpec]) -> Badge | None:
    """The badge of runs that learn other things, or from other samples at each step."""
    reasons = [
        (tr("data"), tr("The runs learn from different data: their losses cannot be compared."))
        if _differs([learnt(spec) for spec in specs])
        else None,
        (tr("network"), tr("Other networks begin with other weights, so part of what differs may be chance."))
        if _differs([spec.network for spec in specs])
        else None,
        (tr("batch size"), tr("With another batch size a step looks at other samples."))
        if _differs([acting(spec).get("batch") for spec in specs])
        else None,
    ]
    known = [reason for reason in reasons if reason]
    if not known:
        return None
    what = tr(", ").join(word for word, _ in known)
    return Badge(tr("same seed, not the same {what}", what=what), "calm", known[0][1])


def _elsewhere(readings: Sequence[Reading]) -> Badge | None:
    """The badge of runs that something else has computed."""
    rows = [read.row for read in readings]
    others = [
        word
        for word, values in (
            ("torch", {row.versions.get("torch") for row in rows}),
            (tr("device"), {row.device for row in rows}),
            (tr("threads"), {read.spec.threads if read.spec else None for read in readings}),
            (tr("machine"), {row.process.host for row in rows if row.process}),
        )
        if len(values) > 1 or None in values
    ]
    if not others:
        return None
    means = tr("The last bits of the curves may differ for that alone.")
    return Badge(tr("same seed, not the same {what}", what=", ".join(others)), "waiting", means)


def _alike(readings: Sequence[Reading], specs: Sequence[RunSpec]) -> Badge:
    """The badge of runs that begin alike and see the same samples in the same order."""
    named = _named(readings, specs)
    if named:
        what = tr(", ").join(named) if len(named) <= NAMED else tr("settings")
        means = tr("They begin with the same weights and see the same samples in the same order.")
        return Badge(tr("same seed, other {what}", what=what), "good", means)
    if any(not spec.exact and spec.device != "cpu" for spec in specs):
        means = tr("Without exact kernels even the same run twice may differ in its last bits.")
        return Badge(tr("same seed, same settings"), "calm", means)
    means = tr(
        "Same data, network, settings, seed, torch, device and threads: step by step the curves are equal bit for bit."
    )
    return Badge(tr("same seed, same settings"), "good", means)


def _named(readings: Sequence[Reading], specs: Sequence[RunSpec]) -> list[str]:
    """The settings that differ, by their names in the middle of a sentence."""
    held = [deciding(spec) for spec in specs]
    places = dict.fromkeys(place for one in held for place in one)
    apart = [place for place in places if _differs([one.get(place) for one in held])]
    for section in ("optimiser", "schedule"):  # another one has other settings of its own
        if f"{section}.name" in apart:
            apart = [place for place in apart if place == f"{section}.name" or not place.startswith(section)]
    found = [inside(label(place)) for place in apart]
    rate = tr("learning rate")
    if rate not in found and _differs([reading.rates for reading in readings]):
        found.append(rate)
    return found


def _differs(values: Sequence[object]) -> bool:
    return any(value != values[0] for value in values[1:])
