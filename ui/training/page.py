"""The training page: the form and the run beside it."""

import streamlit as st

from netlib.training.workers.pool import Pool
from ui import workers
from ui.owner import person
from ui.shell import head
from ui.training import address, form
from ui.training.answers import answers
from ui.training.bench import Bench, save
from ui.training.fitting import Fitting, standing
from ui.training.live import draw_fitting, instrument
from ui.words import tr


def training() -> None:
    """Draws the page."""
    person.recognise()
    pool = workers.pool()
    bench = address.arrived(st.session_state, st.query_params, pool.history)
    save(st.session_state, bench)
    found = standing(bench, pool, answers())
    head(tr("Training"), tr("Start a run, change it while it runs, and watch what the network gets right."))
    with st.container(horizontal=True, gap="medium", key="row"):
        with st.container(width=264, key="controls"):
            controls(bench, found, pool)
        with st.container(width="stretch", key="main"):
            instrument(bench, found)


def controls(bench: Bench, found: Fitting, pool: Pool) -> None:
    """Draws the settings of the next run."""
    form.source(bench, pool, answers())
    with st.container(key="buttons"):
        draw_fitting(bench, found)
    form.form(bench, pool.machine())
