"""The words somebody wrote, without the letter they answered."""

import re
from html.parser import HTMLParser

LANGUAGES = ["en", "de", "ja", "es", "fr"]
"""Languages whose way of introducing a quotation is known to the parser; Portuguese is added below."""

_PORTUGUESE_INTRODUCTION = re.compile(r"(?m)^(?:Em|No dia|A)\s[^\n]{3,200}(?:\n[^\n]{1,200})?\bescreveu:\s*$")
_JAPANESE_INTRODUCTION = re.compile(
    r"(?m)^\s*\d{4}年\d{1,2}月\d{1,2}日[^\n]{0,200}(?:のメール|書きました|wrote)?[::]\s*$"
)
_QUOTED_TAIL = re.compile(r"(?:\n>[^\n]*)+\s*$")
_BLOCKS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "blockquote"})
_SILENT = frozenset({"script", "style", "head"})


def without_quotation(text: str) -> str:
    """The newest part of a letter: quoted letters, signatures' dashes and disclaimers are left out.

    Falls back to the whole text when nothing else would be left.
    """
    from mailparser_reply import EmailReplyParser

    normal = text.replace("\r\n", "\n").replace("\r", "\n")
    for introduction in (_PORTUGUESE_INTRODUCTION, _JAPANESE_INTRODUCTION):
        if match := introduction.search(normal):
            normal = normal[: match.start()]
    reply = EmailReplyParser(languages=LANGUAGES).parse_reply(normal) or ""
    reply = _QUOTED_TAIL.sub("", "\n" + reply).strip()
    return reply or text.strip()


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  # base class
        if tag in _SILENT:
            self._silent += 1
        elif tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT and self._silent:
            self._silent -= 1

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.pieces.append(data)


def words_of_html(markup: str) -> str:
    r"""The words of a letter that came as HTML only, a line for each block.

    Examples:
        >>> words_of_html("<p>Yes,<br>gladly.</p><style>p {}</style>")
        'Yes,\ngladly.'
    """
    reader = _Words()
    reader.feed(markup)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.pieces).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
