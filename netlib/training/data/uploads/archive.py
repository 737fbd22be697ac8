"""The files in a zip archive, read into memory when they are asked for, within limits, and never written anywhere."""

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from netlib.training.data.uploads.rules import (
    MOST_DEPTH,
    MOST_MEMBER,
    MOST_MEMBERS,
    MOST_UNPACKED,
    Refusal,
    Skipped,
)
from netlib.words import words

CHUNK = 65_536
STORED, DEFLATED = 0, 8
NESTED = (".zip", ".gz", ".tar", ".tgz", ".bz2", ".xz", ".7z", ".rar")

LITTER = frozenset({"__macosx", ".ds_store", "thumbs.db"})
"""What systems put into archives unasked: nobody misses it."""

NOT_A_ZIP = words(
    "This is not a zip file, or it is damaged. Pack the folders again.",
    "这不是 zip 文件，或已损坏。请重新打包。",
)
MANY_MEMBERS = words(
    "The archive holds {got:,} files; at most {most:,} are read. Leave some out.",
    "压缩包中有 {got:,} 个文件；最多读取 {most:,} 个。请减少一些。",
)
UNPACKED = words(
    "Unpacked, the archive would take {got} MB; at most {most} MB are read. Bring fewer or smaller files.",
    "解压后将有 {got} MB；最多读取 {most} MB。请减少或缩小文件。",
)
HIDDEN = words("hidden file", "隐藏文件")
OUTSIDE = words("its path leads out of the archive", "路径指向压缩包之外")
DEEP = words("too many folders deep", "文件夹层数过多")
NOT_A_FILE = words("a link or a device, not a file", "是链接或设备，不是文件")
ENCRYPTED = words("it is encrypted", "已加密")
METHOD = words("compressed in an unusual way", "压缩方式不常见")
TWICE = words("the same name twice", "名称重复")
INNER = words("an archive in the archive", "压缩包中的压缩包")
LARGE = words("too large for a single file", "单个文件过大")
DAMAGED = words("it is damaged", "已损坏")
EMPTY = words("an empty file", "空文件")

FAULTS = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError),
    *(ValueError, RuntimeError, NotImplementedError),
)
"""What reading a damaged member raises."""


class Unreadable(Exception):
    """A member that cannot be read; the text says why."""


class Archive:
    """A zip in memory, and how many bytes may still be read from it."""

    def __init__(self, data: bytes) -> None:
        try:
            self.file = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
            raise Refusal(NOT_A_ZIP) from None
        self.left = MOST_UNPACKED


@dataclass(frozen=True)
class Member:
    """A file in an archive: its path, in parts, and its bytes once they are asked for."""

    archive: Archive
    info: zipfile.ZipInfo
    parts: tuple[str, ...]

    @property
    def name(self) -> str:
        """The last part of the path, in small letters."""
        return self.parts[-1].lower()

    def head(self, count: int) -> bytes:
        """The first bytes, without unpacking the others.

        Raises:
            Unreadable: for a damaged member.
        """
        try:
            with self.archive.file.open(self.info) as stream:
                return stream.read(count)
        except FAULTS:
            raise Unreadable(DAMAGED) from None

    def read(self) -> bytes | bytearray:
        """All bytes; a header that lies about the size gains nothing.

        Raises:
            Unreadable: for a damaged member, and one that is too large.
            Refusal: when the archive holds more than may be unpacked.
        """
        found = bytearray()
        try:
            with self.archive.file.open(self.info) as stream:
                while chunk := stream.read(CHUNK):
                    found += chunk
                    if len(found) > most_of(self.name):
                        raise Unreadable(LARGE)
        except FAULTS:
            raise Unreadable(DAMAGED) from None
        self.archive.left -= len(found)
        if self.archive.left < 0:
            raise Refusal(UNPACKED, got=(MOST_UNPACKED >> 20) + 1, most=MOST_UNPACKED >> 20)
        return found


def members(data: bytes, skipped: Skipped) -> Iterator[Member]:
    """Each file that may be read, nothing of it unpacked yet; what may not is counted with its reason.

    What systems leave in archives is not counted at all.

    Raises:
        Refusal: for what is no archive, and one that holds or claims too much.
    """
    archive = Archive(data)
    infos = [info for info in archive.file.infolist() if not info.is_dir() and not _is_litter(info)]
    if len(infos) > MOST_MEMBERS:
        raise Refusal(MANY_MEMBERS, got=len(infos), most=MOST_MEMBERS)
    claimed = sum(info.file_size for info in infos)
    if claimed > MOST_UNPACKED:
        raise Refusal(UNPACKED, got=claimed >> 20, most=MOST_UNPACKED >> 20)
    seen: set[str] = set()
    for info in infos:
        name = info.filename.replace("\\", "/")
        reason = _unfit(info, name, seen)
        seen.add(name)
        if reason:
            skipped.add(reason, name)
        else:
            yield Member(archive, info, tuple(name.split("/")))


def _is_litter(info: zipfile.ZipInfo) -> bool:
    parts = info.filename.lower().replace("\\", "/").split("/")
    return parts[0] in LITTER or parts[-1] in LITTER


def most_of(name: str) -> int:
    """Bytes that a member may have: an array or a table holds all samples at once."""
    return MOST_UNPACKED if name.endswith((".npy", ".csv", ".tsv")) else MOST_MEMBER


def _unfit(info: zipfile.ZipInfo, name: str, seen: set[str]) -> str | None:
    """Why a member is not read, from its header alone."""
    parts = name.split("/")
    kind = stat.S_IFMT(info.external_attr >> 16)
    rules = (
        (name.startswith("/") or ".." in parts or ":" in parts[0] or "\0" in name or "" in parts, OUTSIDE),
        (any(part.startswith(".") for part in parts), HIDDEN),
        (len(parts) > MOST_DEPTH, DEEP),
        (kind not in (0, stat.S_IFREG), NOT_A_FILE),
        (bool(info.flag_bits & 1), ENCRYPTED),
        (info.compress_type not in (STORED, DEFLATED), METHOD),
        (name in seen, TWICE),
        (name.lower().endswith(NESTED), INNER),
        (info.file_size > most_of(name.lower()), LARGE),
        (info.file_size == 0 and not name.lower().endswith(".npy"), EMPTY),
    )
    return next((reason for holds, reason in rules if holds), None)
