"""Networks that people have saved under a name, in the same file as the runs."""

import secrets
import sqlite3
import time
from dataclasses import dataclass, field
from sqlite3 import Connection

from netlib import Network
from netlib.errors import NetlibError
from netlib.training.store.database import Database
from netlib.training.store.naming import stored_name
from netlib.words import words

MOST = 1000

NAMELESS = words("A network is saved under a name: write one.", "保存网络需要一个名称：请填写。")
TAKEN = words(
    "There is another network {name} already. Save this one under another name, or delete that one first.",
    "已有另一个网络 {name}。请换一个名称保存，或先删除那一个。",
)
ABSENT = words("There is no saved network {network}.", "没有已保存的网络 {network}。")
FULL = words(
    "At most {most} networks are kept. Delete one that you no longer need.",
    "最多保留 {most} 个网络。请删除不再需要的网络。",
)


@dataclass(frozen=True)
class SavedNetwork:
    """A network under its name; `text` is its JSON, `created` is in seconds since 1970."""

    id: str
    created: float
    name: str
    owner: str | None
    text: str = field(repr=False)

    def network(self) -> Network:
        """The network itself.

        Raises:
            BadLink: when this version no longer reads it.
        """
        return Network.from_json(self.text)


def save(database: Database, network: Network, name: str, owner: str | None = None) -> str:
    """The id under which a network is kept; one that is there already under that name stays as it is.

    Raises:
        NetlibError: for a name that is empty, has signs that are not kept, or is that of another network of this
            owner; when there are too many; when the history takes nothing.
    """
    tidy, text = stored_name(name), network.to_json()
    if tidy is None:
        raise NetlibError(NAMELESS)

    def write(connection: Connection) -> str:
        query = "SELECT id, network FROM networks WHERE name = ? AND coalesce(owner, '') = coalesce(?, '')"
        known = connection.execute(query, (tidy, owner)).fetchone()
        if known is not None:
            if known["network"] != text:
                raise NetlibError(TAKEN, name=tidy)
            return str(known["id"])
        (count,) = connection.execute("SELECT count(*) FROM networks").fetchone()
        if count >= MOST:
            raise NetlibError(FULL, most=MOST)
        new = secrets.token_hex(5)
        row = (new, time.time(), tidy, owner, text)
        connection.execute(
            "INSERT INTO networks(id, created, name, owner, network) VALUES(?, ?, ?, ?, ?)", row
        )
        return new

    return database.store(write)


def saved(database: Database) -> list[SavedNetwork]:
    """Every network there is, by name; none in an older history that can only be read.

    Raises:
        HistoryError: when the file cannot be read.
    """
    with database.reading() as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'networks'").fetchone():
            return []
        rows = connection.execute("SELECT * FROM networks ORDER BY name COLLATE NOCASE, created").fetchall()
    return [_read(row) for row in rows]


def find(database: Database, network: str) -> SavedNetwork:
    """The saved network of that id.

    Raises:
        NetlibError: when there is none, or the file cannot be read.
    """
    found = next((one for one in saved(database) if one.id == network), None)
    if found is None:
        raise NetlibError(ABSENT, network=network[:40])
    return found


def delete(database: Database, network: str) -> None:
    """Takes a saved network out; runs that have trained it keep theirs.

    Raises:
        HistoryError: when the file cannot be written.
    """
    with database.writing() as connection:
        connection.execute("DELETE FROM networks WHERE id = ?", (network,))


def _read(row: sqlite3.Row) -> SavedNetwork:
    return SavedNetwork(row["id"], row["created"], row["name"], row["owner"], row["network"])
