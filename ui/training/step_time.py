"""In words: whether a run's network spends its time starting operations or on arithmetic, and what would be faster.

A worker measures it on a throw-away copy once nothing is trained any more, so that no run is slowed down; runs with the same
settings afterwards say so while they go.
"""

from collections.abc import Mapping
from typing import Any

from netlib import Message
from netlib.training import Limits, RunSpec, ScheduleSpec
from netlib.training.data.arrays import DataUnavailable
from netlib.training.data.datasets import data_set
from netlib.training.machine import usable_cores
from netlib.training.optimiser_spec import LEARNING_RATE
from netlib.training.run.estimate import sample_counts
from netlib.training.workers.pool import Pool
from ui.numbers import exact, percent, significant
from ui.training.answers import Answers
from ui.training.reading import Reading
from ui.words import tr

QUESTION = "step_time"
SECONDS = 30.0
SLOWEST_STEP = 0.6
"""Seconds of a step beyond which it is not measured: it would keep a worker for too long."""
MOSTLY = 0.6
"""The share from which a step is mostly one thing."""
GIGA = 1e9


def step_time(reading: Reading, pool: Pool, answers: Answers) -> tuple[str, bool]:
    """The sentence, empty where nothing is known; and whether an answer is still to come."""
    if reading.spec is None or not len(reading.loss):
        return "", False
    asked = payload(reading.spec)
    if not answers.is_asked(QUESTION, asked) and not _may_measure(reading, pool):
        return "", False
    answer = answers.ask(pool, QUESTION, asked, SECONDS)
    if answer is None:
        return "", True
    if isinstance(answer, Message):
        return "", False
    try:
        return in_words(answer, reading.spec), False
    except DataUnavailable:  # somebody had brought them, and they are gone
        return "", False


def payload(spec: RunSpec) -> dict[str, Any]:
    """The question; seed, learning rate, schedule and limits make no difference to it."""
    optimiser = spec.optimiser.with_(learning_rate=LEARNING_RATE[spec.optimiser.name])
    return {
        "spec": spec.with_(optimiser=optimiser, schedule=ScheduleSpec(), limits=Limits(), seed=0).to_data()
    }


def _may_measure(reading: Reading, pool: Pool) -> bool:
    pace = reading.seconds_a_step
    here = reading.spec is not None and reading.spec.device in pool.machine().devices
    quiet = reading.row.ended and not pool.status().running
    return quiet and here and pace is not None and pace < SLOWEST_STEP


def in_words(found: Mapping[str, Any], spec: RunSpec) -> str:
    """What was measured as a sentence, with the way out."""
    starting, batch = float(found["starting"]), int(found["batch"])
    longer = significant(2 - starting, 3)
    if starting < 1 - MOSTLY:
        return _arithmetic(found, spec)
    if batch >= sample_counts(spec, data_set(spec.data))[0]:
        return tr(
            "{share} of a step is spent on starting operations, the rest on arithmetic. All samples are in one batch "
            "already: only fewer operations help.",
            share=percent(starting, 0),
        )
    if starting >= MOSTLY:
        return tr(
            "{share} of a step is spent on starting operations, the rest on arithmetic: a bigger batch is nearly free. "
            "A step of {batch} would take {longer} times as long.",
            share=percent(starting, 0),
            batch=exact(2 * batch),
            longer=longer,
        )
    return tr(
        "{share} of a step is spent on starting operations, the rest on arithmetic: a step of {batch} would take "
        "{longer} times as long.",
        share=percent(starting, 0),
        batch=exact(2 * batch),
        longer=longer,
    )


def _arithmetic(found: Mapping[str, Any], spec: RunSpec) -> str:
    more_threads = spec.device == "cpu" and (spec.threads or 1) < usable_cores()
    way = (
        tr("only a smaller network or more threads help")
        if more_threads
        else tr("only a smaller network helps")
    )
    return tr(
        "{share} of a step is spent on arithmetic, the rest on starting operations: {way}. It reaches {reached} GFLOP/s, "
        "a large matrix product {most}.",
        share=percent(1 - float(found["starting"]), 0),
        way=way,
        reached=significant(found["flops"] / GIGA, 2),
        most=significant(found["matmul_flops"] / GIGA, 2),
    )
