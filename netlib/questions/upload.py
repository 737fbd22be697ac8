"""Reads an uploaded file, in a worker because what it holds is not trusted, and keeps what can be learnt from."""

from collections.abc import Mapping
from typing import Any

from netlib.errors import NetlibError
from netlib.knob import field
from netlib.training.data.uploads import shelf
from netlib.training.data.uploads.reading import read
from netlib.training.data.uploads.rules import Refusal, printable
from netlib.training.value import Text, Value
from netlib.words import words

_GONE = words("The uploaded file is not there any more. Upload it again.", "上传的文件已不存在。请重新上传。")
_UNKEPT = words(
    "The samples could not be kept here: the disk is full or read-only.", "无法保存样本：磁盘已满或只读。"
)
_OF_FILE = words("{file}: {why}", "{file}：{why}")


class Asked(Value):
    """The name under which the bytes wait, that of the file, for people, and whose it is on a server for several."""

    waiting: str = field(Text(most=32))
    file: str = field(Text(most=200), "file")
    owner: str = field(Text(least=0, most=64), "")


def answer(payload: Mapping[str, Any]) -> dict[str, Any]:
    """{"data": the name that a spec gives to the samples}; what else there is to know stands in `shelf.about`.

    Raises:
        ValidationError: for a field out of its bounds.
        NetlibError: when the file cannot be used, in a sentence.
    """
    asked = Asked.model_validate({**payload, "file": printable(str(payload.get("file", ""))) or "file"})
    data = shelf.received(asked.waiting)
    if data is None:
        raise NetlibError(_GONE)
    try:
        found = read(data)
    except Refusal as error:
        raise NetlibError(_OF_FILE, file=asked.file, why=error.message) from None
    try:
        return {"data": shelf.keep(found, asked.file, asked.owner or None).name}
    except OSError:
        raise NetlibError(_UNKEPT) from None
