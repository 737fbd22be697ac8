"""A network kept under a name, beside the runs; the Runs page lists, opens and deletes it."""

from netlib.training.store import networks
from netlib.training.store.naming import stored_name
from netlib.words import Message, words
from ui import workers
from ui.builder.desk import Desk
from ui.owner import person

SAVED = words("Saved as {name}. The Runs page has it.", "已保存为 {name}。可在“运行记录”页找到。")


def save(desk: Desk, name: str) -> Desk:
    """The desk, which says under which name its network is kept.

    Raises:
        NetlibError: when the name is taken or refused, or the history takes nothing.
    """
    networks.save(workers.pool().history.database, desk.network, name, person.me())
    return desk.with_(note=Message(SAVED, name=stored_name(name)))
