"""Questions to the workers that are asked once and answered for everybody, while pages look now and then."""

import json
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from netlib import Message
from netlib.training.workers.keeper import Answer
from netlib.training.workers.pool import Pool

MOST = 64
"""Answers that are kept, the oldest going first."""
RETRY_SECONDS = 3.0


@dataclass
class Answers:
    """What was asked, by question and payload; nothing here waits."""

    _asked: "OrderedDict[str, Future[Answer]]" = field(default_factory=OrderedDict)
    _refused: dict[str, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(
        self, pool: Pool, question: str, payload: Mapping[str, Any], seconds: float, again: bool = False
    ) -> Answer | None:
        """The answer, or None while it is on its way; asked now where nobody has asked, or where `again` is wanted.

        A sentence that came instead of an answer (no worker was free, say) is asked about anew after a while.
        """
        key = _key(question, payload)
        with self._lock:
            asked = self._asked.get(key)
            if asked is None or (asked.done() and (again or self._is_stale(key, asked))):
                self._asked[key] = pool.inquire(question, payload, seconds)
                self._asked.move_to_end(key)
                while len(self._asked) > MOST:
                    self._asked.popitem(last=False)
        return self.known(question, payload)

    def _is_stale(self, key: str, asked: "Future[Answer]") -> bool:
        if not isinstance(asked.result(), Message):
            self._refused.pop(key, None)
            return False
        since = self._refused.setdefault(key, time.monotonic())
        if time.monotonic() - since < RETRY_SECONDS:
            return False
        del self._refused[key]
        return True

    def known(self, question: str, payload: Mapping[str, Any]) -> Answer | None:
        """The answer, or None where there is none yet."""
        with self._lock:
            asked = self._asked.get(_key(question, payload))
        return asked.result() if asked is not None and asked.done() else None

    def is_asked(self, question: str, payload: Mapping[str, Any]) -> bool:
        """Whether somebody has asked."""
        with self._lock:
            return _key(question, payload) in self._asked

    def forget(self, question: str, payload: Mapping[str, Any]) -> None:
        """Lets an answer go, so that the question is asked anew."""
        with self._lock:
            self._asked.pop(_key(question, payload), None)


def _key(question: str, payload: Mapping[str, Any]) -> str:
    return f"{question} {json.dumps(payload, sort_keys=True)}"


@st.cache_resource(show_spinner=False)
def answers() -> Answers:
    """The one store of this server."""
    return Answers()
