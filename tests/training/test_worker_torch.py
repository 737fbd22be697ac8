"""The worker as it is: with PyTorch, the training loop and the questions."""

import sys
from pathlib import Path

from netlib import Network
from netlib.training.machine import settle
from netlib.training.spec import RunSpec
from netlib.training.store.history import History
from tests.training.hand import Hand

PROGRAM = [sys.executable, "-m", "netlib.worker"]
CONVOLUTION: list[dict[str, object]] = [
    {"kind": "Conv2d", "out_channels": 4, "kernel_size": 3},
    {"kind": "ReLU"},
    {"kind": "Flatten"},
    {"kind": "Dropout", "p": 0.3},
    {"kind": "Linear", "out_features": 10},
]


def digits_spec(layers: list[dict[str, object]], seed: int) -> RunSpec:
    network = Network.model_validate({"input": {"dims": [1, 8, 8]}, "layers": layers})
    return settle(RunSpec.model_validate({"network": network, "seed": seed, "limits": {"epochs": 2}}))


def test_a_used_worker_and_a_fresh_one_give_the_same_bits_and_answer_questions(tmp_path: Path) -> None:
    history = History.open(tmp_path / "history.db")
    other = digits_spec([{"kind": "Flatten"}, {"kind": "Linear", "out_features": 10}], seed=5)
    spec = digits_spec(CONVOLUTION, seed=3)
    curves = []
    with Hand(PROGRAM) as used, Hand(PROGRAM) as fresh:
        for hand, runs in ((used, [other, spec]), (fresh, [spec])):
            for wanted in runs:
                run = history.create(wanted)
                hand.tell(kind="train", run=run, database=str(history.path))
                finished = hand.hear()
                assert (finished["state"], finished["worn"]) == ("finished", False), finished
            curves.append([history.metrics(run, name).values.tobytes() for name in ("loss", "val_loss")])
        assert len(history.metrics(run, "loss")) == history.state(run).step > 40
        used.tell(kind="ask", number=1, question="devices")
        assert "cpu" in used.hear()["answer"]["devices"]
        fresh.tell(kind="ask", number=1, question="verdict", payload={"network": spec.network.to_json()})
        assert fresh.hear()["refused"] is None
    assert curves[0] == curves[1]
    assert history.state(run).versions.keys() == {"python", "torch", "cpu"}
    history.close()
