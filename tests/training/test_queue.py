from dataclasses import replace

from netlib.training.store import queue
from netlib.training.store.history import History
from netlib.training.store.process import this_process
from tests.training.recorded import small_spec


def test_runs_whose_process_is_gone_are_lost_at_the_next_start(history: History) -> None:
    here = this_process()
    others = {
        "alive": here,
        "gone": replace(here, pid=2**22 + 1),
        "later process with the same number": replace(here, started=here.started + 1),
        "before the last boot": replace(here, boot="another"),
        "elsewhere": replace(here, host="elsewhere", pid=2**22 + 1),
        "elsewhere, silent": replace(here, host="elsewhere", pid=2**22 + 1),
    }
    runs = {}
    for name, process in others.items():
        runs[name] = history.create(small_spec())
        assert queue.take(history.database, runs[name], process)
    with history.database.writing() as connection:
        connection.execute("UPDATE runs SET beat = beat - 100 WHERE id = ?", (runs["elsewhere, silent"],))
    lost = queue.mark_lost(history.database)
    expected = {"gone", "later process with the same number", "before the last boot", "elsewhere, silent"}
    assert {name for name, run in runs.items() if run in lost} == expected
    assert {name for name, run in runs.items() if history.state(run).state == "lost"} == expected


def test_the_queue_has_an_order_and_an_owner(history: History) -> None:
    here = this_process()
    runs = [history.create(small_spec()) for _ in range(3)]
    assert [queue.position(history.database, run) for run in runs] == [1, 2, 3]
    first = queue.first(history.database, here)
    assert first is not None
    assert (first[0].id, first[1]) == (runs[0], "cpu")
    assert queue.take(history.database, runs[0], here)
    assert not queue.take(history.database, runs[0], here)
    assert [queue.position(history.database, run) for run in runs] == [None, 1, 2]
    gone = replace(here, pid=2**22 + 1)
    assert queue.first(history.database, gone) is None
    with history.database.writing() as connection:
        connection.execute("UPDATE runs SET pid = ? WHERE id = ?", (gone.pid, runs[1]))
    assert queue.take_over(history.database, here) == [runs[1]]
    assert [queue.position(history.database, run) for run in runs] == [None, 1, 2]


def wanting(history: History, device: str, owner: str | None = None) -> str:
    return history.create(small_spec().with_(device=device), owner=owner)


def test_runs_wait_only_for_those_that_want_the_same(history: History) -> None:
    wanted = ["cpu", "cuda", "cuda:1", "cuda:0", "cpu", "cuda"]
    runs = [wanting(history, device) for device in wanted]
    assert [queue.position(history.database, run) for run in runs] == [1, 1, 2, 2, 2, 4]
    assert queue.ahead(history.database, runs[4]) == [runs[0]]
    assert queue.ahead(history.database, runs[3]) == [runs[1]]
    assert queue.ahead(history.database, "none") is None


def test_the_next_run_is_the_first_whose_device_is_free(history: History) -> None:
    here = this_process()
    runs = [wanting(history, device, "me") for device in ("cpu", "cuda:1", "cuda", "cpu")]
    asked: list[tuple[str, int]] = []

    def takes(wants: str, held: int) -> bool:
        asked.append((wants, held))
        return wants == "cuda"

    assert queue.take(history.database, runs[0], here)
    found = queue.first(history.database, here, takes)
    assert found is not None
    assert (found[0].id, found[1]) == (runs[2], "cuda")
    assert asked == [("cuda:1", 0), ("cuda", 0)]
    asked.clear()

    def takes_none(wants: str, held: int) -> bool:
        asked.append((wants, held))
        return False

    assert queue.first(history.database, here, takes_none) is None
    assert asked[-1] == ("cpu", 1)  # one of mine goes on the processor already


def test_a_spec_that_nobody_reads_any_more_holds_up_nobody(history: History) -> None:
    here = this_process()
    runs = [wanting(history, "cuda"), wanting(history, "cuda")]
    with history.database.writing() as connection:
        connection.execute("UPDATE runs SET spec = ? WHERE id = ?", ("{torn", runs[0]))
    assert queue.position(history.database, runs[1]) == 1
    first = queue.first(history.database, here)
    assert first is not None
    assert (first[0].id, first[1]) == (runs[0], "cpu")
