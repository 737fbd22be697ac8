"""How well the small name classifiers learn, and what it costs: test accuracy by epoch, in CPU seconds."""

import time

from netlib import trace
from netlib.training import DataSpec
from netlib.training.run.engine import Engine
from ui.training.starts import proven

PRESETS = ("names17-gru", "names17-lstm", "names17-rnn")


def main() -> None:
    for slug in PRESETS:
        engine = Engine(proven(slug, DataSpec(name="names17")))
        accuracies, seconds = [engine.evaluate().accuracy], 0.0
        for _ in range(engine.total_steps // engine.steps_an_epoch):
            start = time.process_time()
            for _ in range(engine.steps_an_epoch):
                engine.advance()
            seconds += time.process_time() - start
            accuracies.append(engine.evaluate().accuracy)
        curve = " ".join(f"{100 * accuracy:.1f}" for accuracy in accuracies)
        print(
            f"{slug:14}{trace(engine.spec.network).params:>9,} parameters {seconds:>6.1f} CPU s   {curve} %"
        )
