"""Starts the app and opens it in the browser: `python launch.py [--port N] [--no-browser]`."""

import argparse
import os
import socket
import sys
import threading
import time
import webbrowser
from pathlib import Path

from streamlit.web import cli

from ui.process import keep_silent

APP = Path(__file__).resolve().parent / "app.py"
HOST = "127.0.0.1"
PORTS_TRIED = 50
PATIENCE = 60.0
"""Seconds until the app must answer."""


def free_port(first: int) -> int:
    """The first port from `first` on that nobody listens on.

    Raises:
        SystemExit: when none of the next ports is free.
    """
    for port in range(first, min(first + PORTS_TRIED, 65_536)):
        with socket.socket() as probe:
            if sys.platform != "win32":  # there, the option means that a taken port may be shared
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise SystemExit(f"No free port from {first} on. Name another: python launch.py --port 9000")


def has_browser() -> bool:
    """Whether there is a screen to open a browser on; a terminal browser would take over this terminal."""
    return sys.platform in ("win32", "darwin") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )


def announce(port: int, browser: bool) -> None:
    """Waits for the port, then prints the address and opens it."""
    address = f"http://{HOST}:{port}"
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            probe.settimeout(1.0)
            if probe.connect_ex((HOST, port)) == 0:
                break
        time.sleep(0.05)
    else:
        print(f"The app did not answer at {address} within {PATIENCE:.0f} seconds.", file=sys.stderr)
        return
    print(f"\n  Architecture explorer: {address}\n  Stop it with Ctrl+C.\n", flush=True)
    if browser and has_browser():
        try:
            webbrowser.open(address)
        except (webbrowser.Error, OSError):
            print("No browser could be opened; open the address yourself.", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--port", type=int, default=8501, help="first port to try (default 8501)")
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    wishes = parser.parse_args()
    port = free_port(wishes.port)
    if port != wishes.port:
        print(f"Port {wishes.port} is taken; {port} is used.")
    keep_silent()
    threading.Thread(target=announce, args=(port, not wishes.no_browser), daemon=True).start()
    os.chdir(APP.parent)  # the configuration is read from the folder the server starts in
    cli.main(
        ["run", str(APP), "--server.port", str(port), "--logger.hideWelcomeMessage", "true"],
        prog_name="streamlit",
    )


if __name__ == "__main__":
    main()
