import math

from netlib.training.store.history import History
from tests.training.recorded import started_run


def test_the_best_of_each_curve_with_its_step(history: History) -> None:
    run, recorder = started_run(history)
    recorder.metrics("loss", 1, [3.0, 2.0, 1.0, 0.5])
    for step, loss, accuracy in ((2, 2.5, 0.1), (4, 1.25, 0.75), (6, math.inf, 0.5), (8, 1.5, 0.75)):
        recorder.metrics("val_loss", step, [loss])
        recorder.metrics("val_accuracy", step, [accuracy])
        recorder.flush()
    recorder.end("finished")
    [found] = history.summaries(history.runs()).values()
    assert (found.loss, found.loss_step) == (1.25, 4)
    assert (found.accuracy, found.accuracy_step) == (0.75, 4)
    assert found.seconds == history.seconds(run)


def test_a_run_without_validation_has_no_figures(history: History) -> None:
    run, recorder = started_run(history)
    recorder.metrics("val_loss", 1, [math.nan])
    recorder.flush()
    other = history.create(history.state(run).spec())
    found = history.summaries(history.runs())
    assert found[run].loss is None
    assert found[other].seconds == 0


def test_only_the_present_generation_counts(history: History) -> None:
    run, recorder = started_run(history)
    recorder.metrics("loss", 1, [1.0])
    recorder.metrics("val_loss", 1, [0.25])
    recorder.flush()
    assert history.summaries(history.runs())[run].loss == 0.25
    recorder.event(1, "rewind")
    recorder.metrics("val_loss", 1, [0.5])
    recorder.end("stopped")
    assert history.summaries(history.runs())[run].loss == 0.5
    with history.database.writing() as connection:
        connection.execute("UPDATE metrics SET vals = x'00004040'")
    assert history.summaries(history.runs())[run].loss == 0.5, "what has ended is not read again"
    with history.database.writing() as connection:
        connection.execute("UPDATE runs SET beat = beat + 1")
    assert history.summaries(history.runs())[run].loss == 3.0, "until more of it has been written"
