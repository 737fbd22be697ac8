"""A session of the app as a browser has one, without a browser: Streamlit's own messages over its websocket."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Self

from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

OPEN_SECONDS = 60.0


@dataclass(frozen=True)
class Piece:
    """A widget or picture as the server last sent it; `data` is what a picture is given, None for a widget."""

    key: str
    id: str
    fragment: str
    data: Mapping[str, Any] | None
    at: float


Listener = Callable[[Piece], None]


class Session:
    """One open page.

    Attributes:
        pieces: what lies on the page, by its key.
        query: what stands in the address behind the question mark.
        faults: messages with which the server says that something broke.
        received: bytes that have come.
    """

    def __init__(self, connection: ClientConnection, page: str, query: str) -> None:
        self.page, self.query = page, query
        self.pieces: dict[str, Piece] = {}
        self.listeners: dict[str, Listener] = {}
        self.faults: list[str] = []
        self.received = 0
        self._connection = connection
        self._states: dict[str, WidgetState] = {}
        self._script = ""
        self._drawn = asyncio.Event()

    @classmethod
    @asynccontextmanager
    async def opened(cls, port: int, page: str, query: str = "") -> AsyncIterator[Self]:
        """A page of the app on this machine, drawn once; closed when the block ends.

        Raises:
            TimeoutError: when it is not drawn in time.
        """
        async with connect(
            f"ws://127.0.0.1:{port}/_stcore/stream",
            subprotocols=["streamlit"],  # type: ignore[list-item]  # the library's own name for a text
            origin=f"http://127.0.0.1:{port}",  # type: ignore[arg-type]  # as above
            max_size=None,
            max_queue=None,
            ping_interval=None,
            open_timeout=OPEN_SECONDS,
        ) as connection:
            session = cls(connection, page, query)
            reading = asyncio.create_task(session._read())
            try:
                await session._send([])
                await asyncio.wait_for(session._drawn.wait(), OPEN_SECONDS)
                yield session
            finally:
                reading.cancel()
                with suppress(asyncio.CancelledError):
                    await reading

    async def settle(self, key: str, state: object) -> None:
        """What a picture proposes with `tools.settle`."""
        piece = self.pieces[key]
        self._states[piece.id] = WidgetState(id=piece.id, json_value=json.dumps({"settled": state}))
        await self._send([], piece.fragment)

    async def ask(self, key: str, event: str, value: object) -> None:
        """What a picture asks with `tools.ask`, and fires with `tools.fire`."""
        piece = self.pieces[key]
        told = json.dumps([{"event": event, "value": value}])
        trigger = WidgetState(id=_make_trigger_id(piece.id, "events"), json_trigger_value=told)
        await self._send([trigger], piece.fragment)

    async def enter(self, key: str, value: int) -> None:
        """A whole number into a field of Streamlit's own."""
        piece = self.pieces[key]
        self._states[piece.id] = WidgetState(id=piece.id, int_value=value)
        await self._send([], piece.fragment)

    async def _send(self, once: list[WidgetState], fragment: str = "") -> None:
        """As a browser does, with the state of every widget that somebody has touched."""
        message = BackMsg()
        rerun = message.rerun_script
        rerun.query_string = self.query
        rerun.page_script_hash = self._script
        rerun.fragment_id = fragment
        if not self._script:
            rerun.page_name = self.page
        rerun.widget_states.widgets.extend([*self._states.values(), *once])
        await self._connection.send(message.SerializeToString())

    async def _read(self) -> None:
        with suppress(ConnectionClosed):
            await self._hear()
        self.faults.append("the server has closed the connection")

    async def _hear(self) -> None:
        async for raw in self._connection:
            assert isinstance(raw, bytes)
            at = time.perf_counter()
            self.received += len(raw)
            message = ForwardMsg()
            message.ParseFromString(raw)
            match message.WhichOneof("type"):
                case "navigation":
                    self._script = message.navigation.page_script_hash
                case "page_info_changed":
                    self.query = message.page_info_changed.query_string
                case "session_event" if message.session_event.HasField("script_compilation_exception"):
                    self.faults.append(message.session_event.script_compilation_exception.message)
                case "delta" if message.delta.WhichOneof("type") == "new_element":
                    self._take(message.delta.new_element, message.delta.fragment_id, at)
                case "script_finished":
                    if message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                        self._drawn.set()

    def _take(self, element: Element, fragment: str, at: float) -> None:
        kind = element.WhichOneof("type") or ""
        held = getattr(element, kind)
        if kind == "exception" or (kind == "alert" and held.format == held.ERROR):
            self.faults.append(getattr(held, "message", "") or held.body)
        if not (named := getattr(held, "id", "")):
            return
        # "$$ID-<hash>-<key>"
        key = named.split("-", 2)[-1]
        data = json.loads(held.bytes) if kind == "bidi_component" else None
        piece = self.pieces[key] = Piece(key, named, fragment, data, at)
        if listener := self.listeners.get(key):
            listener(piece)
