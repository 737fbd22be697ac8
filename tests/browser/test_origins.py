"""Who may open a connection to the running app: raw sockets, so that nothing polishes the headers."""

import socket

import psutil
import pytest

from tests.browser.server import Server

PORT = "{port}"
OWN = f"127.0.0.1:{PORT}"


def status(server: Server, host: str, origin: str | None) -> int:
    """The status of a websocket handshake with these headers."""
    lines = [
        "GET /_stcore/stream HTTP/1.1",
        f"Host: {host}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Protocol: streamlit",
        *([f"Origin: {origin}"] if origin is not None else []),
        "",
        "",
    ]
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall("\r\n".join(lines).encode("ascii"))
        return int(connection.recv(4096).split(b" ", 2)[1])


@pytest.mark.parametrize(
    ("host", "origin", "wanted"),
    [
        (OWN, f"http://{OWN}", 101),
        (f"localhost:{PORT}", f"http://localhost:{PORT}", 101),
        (OWN, None, 101),
        (OWN, "http://evil.example", 403),
        (OWN, "https://evil.example", 403),
        (OWN, "null", 403),
        (f"rebind.evil.example:{PORT}", f"http://rebind.evil.example:{PORT}", 403),
        (f"rebind.evil.example:{PORT}", f"http://{OWN}", 403),
        (f"127.0.0.1.evil.example:{PORT}", None, 403),
    ],
)
def test_handshake(app: Server, host: str, origin: str | None, wanted: int) -> None:
    def here(text: str) -> str:
        return text.replace(PORT, str(app.port))

    assert status(app, here(host), origin and here(origin)) == wanted


def test_only_this_machine_is_listened_to(app: Server) -> None:
    addresses = {
        connection.laddr.ip
        for connection in psutil.Process(app.process.pid).net_connections(kind="tcp")
        if connection.status == psutil.CONN_LISTEN
    }
    assert addresses == {"127.0.0.1"}
