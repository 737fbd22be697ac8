"""Starts the app and opens it in the browser: `python launch.py [--port N] [--no-browser]`."""

import argparse
import os
import socket
import sys
import threading
import time
import tomllib
import webbrowser
from pathlib import Path

ROOT = Path(__file__).resolve().parent
APP = ROOT / "app.py"
CONFIGURATION = ROOT / ".streamlit" / "config.toml"
PORTS_TRIED = 50
PATIENCE = 60.0
"""Seconds until the app must answer."""


def host() -> str:
    """Where the configuration lets the app listen; 127.0.0.1 stands for every address of this machine."""
    server = tomllib.loads(CONFIGURATION.read_text(encoding="utf-8")).get("server", {})
    address = str(server.get("address", "127.0.0.1"))
    return "127.0.0.1" if address in ("0.0.0.0", "", "localhost") else address  # noqa: S104 - compared, not bound


def free_port(address: str, first: int) -> int:
    """The first port from `first` on that nobody listens on.

    Raises:
        SystemExit: when none of the next ports is free.
    """
    for port in range(first, min(first + PORTS_TRIED, 65_536)):
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
            if sys.platform != "win32":  # there, the option means that a taken port may be shared
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address, port))
            except OSError:
                continue
            return port
    raise SystemExit(f"No free port from {first} on. Name another: python launch.py --port 9000")


def forget_streamlit_variables() -> list[str]:
    """Takes STREAMLIT_* out of the environment, where each would win over this folder's configuration.

    Among them are the switches of the defences against other websites; what is wanted differently is written into
    `.streamlit/config.toml`.
    """
    names = sorted(name for name in os.environ if name.startswith("STREAMLIT_"))
    for name in names:
        del os.environ[name]
    return names


def has_browser() -> bool:
    """Whether there is a screen to open a browser on; a terminal browser would take over this terminal."""
    return sys.platform in ("win32", "darwin") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )


def answers(address: str, port: int) -> bool:
    """Whether somebody listens there within the time that the app has to start."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            socket.create_connection((address, port), timeout=1.0).close()
        except OSError:
            time.sleep(0.05)
        else:
            return True
    return False


def announce(address: str, port: int, browser: bool) -> None:
    """Waits for the app, then prints its address and opens it."""
    link = f"http://{f'[{address}]' if ':' in address else address}:{port}"
    if not answers(address, port):
        print(f"The app did not answer at {link} within {PATIENCE:.0f} seconds.", file=sys.stderr)
        return
    print(f"\n  Architecture explorer: {link}\n  Stop it with Ctrl+C.\n", flush=True)
    if browser and has_browser():
        try:
            webbrowser.open(link)
        except (webbrowser.Error, OSError):
            print("No browser could be opened; open the address yourself.", flush=True)


def serve(port: int) -> None:
    """Runs Streamlit's server in this process until it is stopped."""
    os.chdir(ROOT)  # the configuration is read from the folder the server starts in
    from streamlit.web import cli

    from ui.process import keep_silent

    keep_silent()
    cli.main(
        ["run", str(APP), "--server.port", str(port), "--logger.hideWelcomeMessage", "true"],
        prog_name="streamlit",
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Starts the app and opens it in the browser.")
    parser.add_argument("--port", type=int, default=8501, help="first port to try (default 8501)")
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    wishes = parser.parse_args()
    if names := forget_streamlit_variables():
        print(f"Not used: {', '.join(names)}. The app reads .streamlit/config.toml.")
    address = host()
    port = free_port(address, wishes.port)
    if port != wishes.port:
        print(f"Port {wishes.port} is taken; {port} is used.")
    threading.Thread(target=announce, args=(address, port, not wishes.no_browser), daemon=True).start()
    serve(port)


if __name__ == "__main__":
    main()
