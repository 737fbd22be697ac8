"""What the app's process is: small, silent, and without torch."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import launch
from ui import contents

ROOT = Path(__file__).resolve().parent.parent

WALK = """
import json, sys
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("app.py", default_timeout=120).run()
faults = [(p.value if hasattr(p, "value") else str(p)) for p in (*app.exception, *app.error)]
for page in json.loads(sys.argv[1]):
    app.switch_page(f"pages/{page}.py").run()
    faults += [f"{page}: {fault.value}" for fault in (*app.exception, *app.error)]
print("RESULT" + json.dumps([faults, sorted({"torch", "torchvision", "torchinfo"} & set(sys.modules)), sys.getswitchinterval()]))
"""


def python(*arguments: str, **environment: str) -> str:
    """What a fresh Python in the project's folder prints."""
    finished = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr[-2_000:]
    return finished.stdout


def test_every_page_runs_and_none_brings_torch(tmp_path: Path) -> None:
    pages = [entry.name for entry in contents.existing() if entry.name != "home"]
    printed = python("-c", WALK, json.dumps(pages), NETLIB_DATA=str(tmp_path))
    faults, heavy, interval = json.loads(printed.rpartition("RESULT")[2])
    assert faults == []
    assert heavy == []
    assert interval == pytest.approx(0.0005)


OPTIONS = {
    "server.headless": True,
    "server.address": "127.0.0.1",
    "server.allowedHosts": ["localhost", "127.0.0.1", "[::1]"],
    "server.enableCORS": True,
    "server.enableXsrfProtection": True,
    "server.xsrfCookieSameSite": "strict",
    "server.maxUploadSize": 64,
    "server.maxMessageSize": 50,
    "server.enableStaticServing": True,
    "server.enableAgentApi": False,
    "server.disconnectedSessionTTL": 60,
    "server.fileWatcherType": "none",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": "false",
    "client.toolbarMode": "viewer",
    "browser.gatherUsageStats": False,
    "runner.postScriptGC": False,
}

READ = """
import json, sys
import launch
launch.forget_streamlit_variables()
from streamlit import config
config.get_config_options(force_reparse=True)
print("RESULT" + json.dumps({name: config.get_option(name) for name in json.loads(sys.argv[1])}))
"""


def test_the_configuration_holds_whatever_the_environment_says() -> None:
    printed = python(
        "-c",
        READ,
        json.dumps(list(OPTIONS)),
        STREAMLIT_SERVER_ENABLE_CORS="false",
        STREAMLIT_SERVER_ADDRESS="0.0.0.0",
        STREAMLIT_SERVER_ALLOWED_HOSTS="evil.example",
        STREAMLIT_BROWSER_GATHER_USAGE_STATS="true",
    )
    found = json.loads(printed.rpartition("RESULT")[2])
    assert {**found, "client.showErrorLinks": str(found["client.showErrorLinks"]).lower()} == OPTIONS


def test_nobody_is_asked_for_the_public_address(monkeypatch: pytest.MonkeyPatch) -> None:
    from streamlit import net_util

    from ui.process import keep_silent

    asked: list[str] = []
    monkeypatch.setattr(net_util, "_external_ip", None)
    monkeypatch.setattr(net_util, "_make_blocking_http_get", lambda url, **_: asked.append(url))
    keep_silent()
    assert net_util.get_external_ip() == "127.0.0.1"
    assert asked == []


def test_the_configuration_is_told_as_streamlit_tells_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from streamlit.proto.NewSession_pb2 import NewSession
    from streamlit.runtime import app_session

    from ui.process import remember_configuration

    names = ("_populate_config_msg", "_populate_theme_msg")
    told = {name: getattr(app_session, name) for name in names}
    calls: list[object] = []

    def counted(name: str) -> Callable[..., None]:
        def fill(message: object, *section: object) -> None:
            calls.append((name, *section))
            told[name](message, *section)

        return fill

    for name in names:
        monkeypatch.setattr(app_session, name, counted(name))

    def session() -> NewSession:
        message = NewSession()
        app_session._populate_config_msg(message.config)
        app_session._populate_theme_msg(message.custom_theme)
        app_session._populate_theme_msg(message.custom_theme.dark, "theme.dark")
        app_session._populate_theme_msg(message.custom_theme.sidebar, "theme.sidebar")
        return message

    before = session()
    assert before.custom_theme.dark.primary_color
    remember_configuration()
    calls.clear()
    assert [session(), session()] == [before, before]
    assert len(calls) == 4


def test_the_next_port_is_used_where_one_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert launch.free_port("127.0.0.1", port) > port


def test_the_address_comes_from_the_configuration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert launch.host() == "127.0.0.1"
    for written, wanted in (("192.168.1.20", "192.168.1.20"), ("0.0.0.0", "127.0.0.1")):
        configuration = tmp_path / "config.toml"
        configuration.write_text(f'[server]\naddress = "{written}"\n', encoding="utf-8")
        monkeypatch.setattr(launch, "CONFIGURATION", configuration)
        assert launch.host() == wanted


def test_no_free_port_ends_in_a_sentence() -> None:
    with pytest.raises(SystemExit, match="No free port from 70000 on"):
        launch.free_port("127.0.0.1", 70_000)


def test_the_launcher_opens_a_browser_only_where_there_is_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert not launch.has_browser()
    monkeypatch.setenv("DISPLAY", ":0")
    assert launch.has_browser()
