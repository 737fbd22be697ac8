"""The page's address: what it asks for when somebody arrives, and what stands in it afterwards."""

from collections.abc import MutableMapping

from netlib import BadLink, Message, NetlibError, Network
from netlib.training.store.history import History
from netlib.words import words
from ui.training.bench import BUILDER, NET, Address, Bench, Session, load
from ui.training.starts import FIRST_DATA, is_known

_BAD_LINK = words(
    "{why}. The training page keeps the network it had.",
    "{why}。训练页面保留原来的网络。",
)


def arrived(session: Session, parameters: MutableMapping[str, str], history: History) -> Bench:
    """The session's bench after what is new in the address, and what was changed in the builder.

    A network that a link brings becomes the builder's as well, which the session keeps under NET.
    """
    held = load(session)
    bench = held or Bench.fresh()
    asked = Address(*(parameters.get(name) for name in Address._fields))
    new = Address(*(a if a != b else None for a, b in zip(asked, bench.address, strict=True)))
    bench = bench.with_(address=asked)
    if new.data and is_known(new.data):
        bench = bench.with_data(new.data)
    if new.net:
        bench = _with_link(bench, new.net)
        if bench.source == BUILDER and bench.builder:
            session[NET] = bench.builder
    return _showing(bench, new.run, history) if new.run else bench.following(session.get(NET))


def _with_link(bench: Bench, link: str) -> Bench:
    try:
        network = Network.from_link(link)
    except BadLink as error:
        return bench.with_(note=Message(_BAD_LINK, why=error.message))
    return bench.taking(network, BUILDER).with_(builder=network.to_json())


def _showing(bench: Bench, run: str, history: History) -> Bench:
    try:
        return bench.showing(history.state(run))
    except NetlibError as error:
        return bench.with_(note=error.message)


def write(bench: Bench, parameters: MutableMapping[str, str]) -> Bench:
    """The bench that knows what now stands in the address: the run, a network that is no preset, the data."""
    data = bench.spec.data.name
    wanted = Address(bench.run, bench.linked(), None if data == FIRST_DATA else data)
    for name, value in zip(Address._fields, wanted, strict=True):
        if value is None:
            parameters.pop(name, None)
        elif parameters.get(name) != value:
            parameters[name] = value
    return bench.with_(address=wanted)
