"""The learning-rate finder: a sweep that a worker makes, its curve, and a rate to take with one press."""

from collections.abc import Mapping
from typing import Any

from netlib import Message
from netlib.training import Limits, RunSpec, ScheduleSpec
from netlib.training.optimiser_spec import LEARNING_RATE
from netlib.training.workers.pool import Pool
from ui.numbers import exact, significant
from ui.training.answers import Answers
from ui.training.rates import written
from ui.words import tr

QUESTION = "learning_rates"
SECONDS = 40.0
"""A sweep takes 12 s at most, on a busy machine longer; the data are read before it."""


def payload(spec: RunSpec) -> dict[str, Any]:
    """The question about these settings; their learning rate, schedule and limits make no difference to it."""
    rate = LEARNING_RATE[spec.optimiser.name]
    same = spec.with_(
        optimiser=spec.optimiser.with_(learning_rate=rate), schedule=ScheduleSpec(), limits=Limits()
    )
    return {"spec": same.to_data()}


def search(spec: RunSpec, pool: Pool, answers: Answers) -> None:
    """Asks a worker for a sweep, again after one that was refused."""
    answers.ask(pool, QUESTION, payload(spec), SECONDS, again=True)


def is_pending(spec: RunSpec, answers: Answers) -> bool:
    """Whether a sweep is under way for these settings."""
    asked = payload(spec)
    return answers.is_asked(QUESTION, asked) and answers.known(QUESTION, asked) is None


def finder(spec: RunSpec, answers: Answers) -> dict[str, Any] | None:
    """What the picture draws; None where nobody has asked for a sweep with these settings."""
    asked = payload(spec)
    if not answers.is_asked(QUESTION, asked):
        return None
    answer = answers.known(QUESTION, asked)
    if answer is None:
        return _part(tr("A worker tries one learning rate after the other on a copy…"))
    if isinstance(answer, Message):
        return _part(tr(answer))
    suggested = answer.get("suggested")
    if suggested is None:
        return _part(
            tr("At no learning rate did the loss fall. Look at the network, or try another optimiser."),
            answer,
        )
    says = tr(
        "The loss is lowest at {lowest}; good rates lie between a tenth and a third of that, {low} to {high}.",
        lowest=written(answer["lowest"]),
        low=significant(answer["low"], 2),
        high=significant(answer["high"], 2),
    )
    if answer["low"] <= spec.optimiser.learning_rate <= answer["high"]:
        says += " " + tr("Yours, {rate}, is one of them.", rate=written(spec.optimiser.learning_rate))
    take = {"word": tr("Use {rate}", rate=written(suggested)), "rate": suggested}
    return _part(says, answer, take if suggested != spec.optimiser.learning_rate else None)


def _part(
    says: str, answer: Mapping[str, Any] | None = None, take: dict[str, Any] | None = None
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "rates": [],
        "losses": [],
        "smoothed": [],
        "low": None,
        "high": None,
        "suggested": None,
    }
    found |= {name: answer[name] for name in found} if answer else {}
    return {
        "part": "finder",
        **found,
        "take": take,
        "says": says,
        "words": {
            "title": tr("Which learning rate?"),
            "tried": tr(
                "{steps} rates tried, each for one step of a copy", steps=exact(len(found["rates"] or []))
            ),
            "rate": tr("learning rate (log)"),
            "loss": tr("loss, nats (log)"),
            "close": tr("Close"),
            "picture": tr("Training loss by learning rate"),
        },
    }
