"""Where the history is kept: a folder of the person's own, or the one that NETLIB_DATA names."""

import os
from pathlib import Path

import platformdirs
import psutil

SHARED_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb", "smb3", "smbfs", "afpfs", "fuse.sshfs", "9p", "ceph", "fuse.glusterfs"}
)


def data_folder() -> Path:
    """The folder for everything the app keeps; it need not exist yet."""
    named = os.environ.get("NETLIB_DATA", "").strip()
    if named:
        return Path(named).expanduser().absolute()
    return platformdirs.user_data_path("architecture-explorer", appauthor=False)


def file_system(path: Path) -> str:
    """The type of the file system that holds a path ("ext4", "nfs4"), or "" where the system does not say."""
    path = path.absolute()
    try:
        mounts = psutil.disk_partitions(all=True)
    except (OSError, RuntimeError):
        return ""
    holding = [mount for mount in mounts if path.is_relative_to(mount.mountpoint)]
    return max(holding, key=lambda mount: len(mount.mountpoint)).fstype.lower() if holding else ""


def is_shared(path: Path) -> bool:
    """Whether a path lies on a file system of another machine, where SQLite's write-ahead log does not work."""
    return file_system(path) in SHARED_FILE_SYSTEMS
