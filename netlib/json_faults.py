"""What is wrong with a text that is no JSON, in words: the standard library says it in English alone."""

from json import JSONDecodeError

from netlib.words import Message, words

_FAULTS = {
    "Expecting value": words("a value is missing", "缺少一个值"),
    "Expecting property name": words("a name in double quotes is missing", "缺少双引号中的名称"),
    "Expecting ','": words("a comma is missing", "缺少逗号"),
    "Expecting ':'": words("a colon is missing", "缺少冒号"),
    "Illegal trailing comma": words("a comma stands before the closing bracket", "右括号前多了一个逗号"),
    "Extra data": words("something follows after the end", "结尾之后还有内容"),
    "Unterminated string": words("a text has no closing quotation mark", "一段文本缺少右引号"),
    "Invalid control character": words("a line break or a tab stands inside a text", "文本中有换行或制表符"),
    "Invalid": words("a backslash in a text is followed by no known sign", "文本中反斜杠之后的符号无法识别"),
}
"""The beginning of the library's message -> ours; the longer beginnings come first."""
_OTHER = words("it cannot be read", "无法读取")


def json_fault(error: JSONDecodeError) -> Message:
    """What is wrong, without its place."""
    found = next((ours for begins, ours in _FAULTS.items() if error.msg.startswith(begins)), _OTHER)
    return Message(found)
