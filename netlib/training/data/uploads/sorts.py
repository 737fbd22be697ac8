"""The members of an archive by what they may be, before any is read."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from netlib.training.data.uploads.archive import Member, Unreadable
from netlib.training.data.uploads.pictures import BEGINNING, may_be_image


@dataclass
class Sorted:
    """The members of an archive by what they may be."""

    arrays: list[Member] = field(default_factory=list)
    tables: list[Member] = field(default_factory=list)
    lists: list[Member] = field(default_factory=list)
    pictures: list[Member] = field(default_factory=list)
    others: list[Member] = field(default_factory=list)


def sort(found: Iterable[Member]) -> Sorted:
    """Members by the ends of their names and, where those tell nothing, by their first bytes."""
    held = Sorted()
    for member in found:
        if member.name.endswith(".npy"):
            held.arrays.append(member)
        elif member.name.endswith((".csv", ".tsv")):
            held.tables.append(member)
        elif member.name.endswith(".txt"):
            held.lists.append(member)
        elif _may_be_image(member):
            held.pictures.append(member)
        else:
            held.others.append(member)
    return held


def _may_be_image(member: Member) -> bool:
    """By its first bytes; also one that is damaged, of which opening it will tell."""
    try:
        return may_be_image(member.head(BEGINNING))
    except Unreadable:
        return True
