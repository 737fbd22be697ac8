"""Files that hold no data that can be read here, told by their first bytes: what each is, and what to do instead."""

import io
import zipfile
from typing import NamedTuple

from netlib.training.data.uploads.rules import Refusal
from netlib.words import Message, words

NOT_TAKEN = words(
    "The file must be a zip, a .npz, a .csv or a .csv.gz (a table may also be called .txt or .tsv); "
    "this is {got}. {instead}",
    "文件应为 zip、.npz、.csv 或 .csv.gz（表格也可为 .txt 或 .tsv）；收到的是{got}。{instead}",
)

ZIP_IMAGES = words(
    "Pack the images into a zip, in a folder for each class.", "请把图像按类别放入文件夹，再打包为 zip。"
)
ZIP_AGAIN = words("Unpack it, and pack it again as a zip.", "请解压后重新打包为 zip。")
SAVE_CSV = words("Save its table as “CSV UTF-8”.", "请将其中的表格另存为“CSV UTF-8”。")
SAVE_NPZ = words(
    "Load it where it was made, and save x and y with numpy.savez.",
    "请在原程序中加载，再用 numpy.savez 保存 x 和 y。",
)
BRING = words("Bring the data in one of those.", "请改用上述格式之一。")

IMAGE = words("a single image", "单张图像")
PDF = words("a PDF", " PDF")
OFFICE = words("an Office document", " Office 文档")
ARCHIVE = words("an archive of another sort", "其他格式的压缩包")
ARRAY = words("a single array", "单个数组")
ARRAYS = words("a file of arrays of another sort", "其他格式的数组文件")
IDX = words("an IDX file, the format of MNIST", " IDX 文件（MNIST 的格式）")
OBJECTS = words(
    "a file of Python objects (.pkl, .pt), which may run any program when it is read",
    " Python 对象文件（.pkl、.pt），读取时可能运行任意程序",
)
COLUMNS = words("a table in a binary format", "二进制格式的表格")
UNKNOWN = words("a file of another sort", "其他类型的文件")


class Kind(NamedTuple):
    """What a file is, and what to do instead of bringing it."""

    got: str
    instead: str

    def refusal(self) -> Refusal:
        """The sentence that says so."""
        return Refusal(NOT_TAKEN, got=Message(self.got), instead=Message(self.instead))


BEGINNINGS: tuple[tuple[bytes, Kind], ...] = (
    *((mark, Kind(IMAGE, ZIP_IMAGES)) for mark in (b"\x89PNG", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")),
    *((mark, Kind(IMAGE, ZIP_IMAGES)) for mark in (b"II*\0", b"MM\0*")),
    (b"%PDF-", Kind(PDF, SAVE_CSV)),
    (b"\xd0\xcf\x11\xe0", Kind(OFFICE, SAVE_CSV)),
    *(
        (mark, Kind(ARCHIVE, ZIP_AGAIN))
        for mark in (b"7z\xbc\xaf", b"Rar!\x1a", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
    ),
    *((b"BZh%d1AY&SY" % size, Kind(ARCHIVE, ZIP_AGAIN)) for size in range(1, 10)),
    (b"\x93NUMPY", Kind(ARRAY, SAVE_NPZ)),
    *((mark, Kind(ARRAYS, SAVE_NPZ)) for mark in (b"\x89HDF", b"MATLAB 5.0 MAT-file", b"CDF\x01")),
    *((b"\0\0\x08" + bytes([dims]), Kind(IDX, SAVE_NPZ)) for dims in (1, 3, 4)),
    *((b"\x80" + bytes([version]), Kind(OBJECTS, SAVE_NPZ)) for version in range(2, 6)),
    *((mark, Kind(COLUMNS, SAVE_CSV)) for mark in (b"PAR1\x15", b"ARROW1\0", b"SQLite format 3\0")),
)
"""First bytes that no text begins with."""
LOOKED_AT = 4096
MOST_CONTROLS = 0.02
"""Share of control characters in a text; in other files every tenth byte is one."""
CONTROLS = bytes(set(range(1, 32)) - set(b"\t\n\r\f\x1b"))


def of_another_sort(data: bytes) -> Kind | None:
    """What a file is that is no table; None where it may be one."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    for mark, kind in BEGINNINGS:
        if data.startswith(mark):
            return kind
    is_bitmap = data.startswith(b"BM") and data[6:10] == bytes(4)
    if is_bitmap or (data.startswith(b"RIFF") and data[8:12] == b"WEBP"):
        return Kind(IMAGE, ZIP_IMAGES)
    if data[257:262] == b"ustar":
        return Kind(ARCHIVE, ZIP_AGAIN)
    head = data[:LOOKED_AT]
    if len(head) - len(head.translate(None, CONTROLS)) > MOST_CONTROLS * len(head):
        return Kind(UNKNOWN, BRING)
    return None


def of_an_archive(data: bytes) -> Kind | None:
    """What a zip is that was not made to hold samples; None for others."""
    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return None
    if "[Content_Types].xml" in names:
        return Kind(OFFICE, SAVE_CSV)
    if any(name.endswith("/data.pkl") for name in names):
        return Kind(OBJECTS, SAVE_NPZ)
    return None
