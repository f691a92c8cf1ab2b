"""What a file is by its bytes: text in which encoding, or something else and what to do with it."""

import codecs
from dataclasses import dataclass
from typing import IO

from mardev.errors import FixFirst

CHUNK_BYTES = 1 << 20
SAMPLE_BYTES = 1 << 17
ZIP, OLD_EXCEL, GZIP, PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x1f\x8b", b"%PDF"
SAVE_AS_CSV = (
    "Open it, choose File > Save as, the type “CSV UTF-8 (comma separated)”, and give that file. "
    "A workbook has several sheets: save the one that counts."
)
CODECS = ("cp932", "gb18030", "cp1252", "big5", "euc_kr", "cp1251", "cp1250", "cp1253", "cp1254", "cp1255", "cp1256")
NAMES = {
    "utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows-1252", "cp932": "Shift JIS",
    "gb18030": "GB 18030", "big5": "Big5", "euc_kr": "EUC-KR",
}  # fmt: skip


@dataclass(frozen=True)
class Encoding:
    """How the bytes become text.

    Attributes
    ----------
    codec : as Python names it
    evidence : why, in plain words
    """

    codec: str
    evidence: str

    @property
    def name(self) -> str:
        return NAMES.get(self.codec, self.codec)


def recognise(stream: IO[bytes]) -> Encoding:
    """The encoding of a table; the stream stands at its beginning again.

    Reads the whole file once, in pieces, as only the last byte proves UTF-8.

    Raises
    ------
    FixFirst
        It is a workbook, an archive, a document or no text at all; the message says what to do.
    """
    start = stream.read(SAMPLE_BYTES)
    stream.seek(0)
    refuse_other_files(start)
    for mark, codec, name in (
        (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
        (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
        (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
        (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
    ):
        if start.startswith(mark):
            return Encoding(codec, f"the file begins with the mark of {name}")
    if b"\0" in start:
        return _without_mark(start)
    if _is_utf_8(stream):
        only_ascii = start.isascii()
        return Encoding("utf-8", "plain letters only" if only_ascii else "every byte of the file is valid UTF-8")
    return _guessed(_sample(stream))


def refuse_other_files(start: bytes) -> None:
    """Raises: FixFirst: the bytes are no table but a workbook, an archive or a document."""
    if start.startswith(ZIP):
        if b"xl/" in start or b"[Content_Types].xml" in start:
            raise FixFirst(f"This is an Excel workbook (xlsx), whatever its name says, not a CSV file. {SAVE_AS_CSV}")
        if b"opendocument" in start:
            raise FixFirst(f"This is a LibreOffice or OpenOffice document, not a CSV file. {SAVE_AS_CSV}")
        raise FixFirst("This is a ZIP archive. Unpack it and give the CSV file that is in it.")
    if start.startswith(OLD_EXCEL):
        raise FixFirst(f"This is an Excel workbook (xls), whatever its name says, not a CSV file. {SAVE_AS_CSV}")
    if start.startswith(GZIP):
        raise FixFirst("This file is compressed (gzip). Unpack it and give the CSV file that is in it.")
    if start.startswith(PDF):
        raise FixFirst("This is a PDF document. Export the table as CSV from the program that made it.")
    if start.startswith(b"ID;P"):
        raise FixFirst(f"This is a SYLK spreadsheet, not a CSV file. {SAVE_AS_CSV}")
    lowered = start[:2048].lstrip().lower()
    if lowered.startswith((b"<!doctype html", b"<html", b"<table")):
        raise FixFirst(f"This is a web page with a table, not a CSV file. Open it in a spreadsheet. {SAVE_AS_CSV}")
    if lowered.startswith(b"<?xml") and b"spreadsheet" in lowered:
        raise FixFirst(f"This is a spreadsheet in XML, not a CSV file. {SAVE_AS_CSV}")
    if lowered.startswith((b"{", b'[{"')):
        raise FixFirst("This is JSON, not a CSV file. Export the table as CSV from the program that made it.")


def _without_mark(start: bytes) -> Encoding:
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if odd > 4 * even and odd > len(start) // 8:
        return Encoding("utf-16-le", "every second byte is empty, as in UTF-16")
    if even > 4 * odd and even > len(start) // 8:
        return Encoding("utf-16-be", "every second byte is empty, as in UTF-16")
    raise FixFirst("This file is no text. Give a table saved as CSV UTF-8.")


def _is_utf_8(stream: IO[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := stream.read(CHUNK_BYTES):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        stream.seek(0)
    return True


def _sample(stream: IO[bytes]) -> bytes:
    """Whole lines with letters beyond ASCII, at most 128 KiB of them: the others say nothing about the encoding."""
    telling: list[bytes] = []
    size = 0
    while size < SAMPLE_BYTES and (line := stream.readline(CHUNK_BYTES)):
        if not line.isascii():
            telling.append(line)
            size += len(line)
    stream.seek(0)
    return b"".join(telling)


def _guessed(sample: bytes) -> Encoding:
    from charset_normalizer import from_bytes

    possible = [codec for codec in CODECS if _can_decode(sample, codec)]
    # Two bytes that make kana are rarely an accident; a Latin letter from one byte always could be one.
    is_latin = _is_mostly_latin(sample)
    for codec in ("cp932", "gb18030"):
        if (
            codec in possible
            and not (codec == "gb18030" and is_latin)
            and _is_written_in_it(sample.decode(codec), codec)
        ):
            return Encoding(codec, f"the bytes make Japanese or Chinese words in {NAMES[codec]} and no UTF-8")
    best = from_bytes(sample, cp_isolation=possible or None).best() if possible else None
    if best is not None and best.encoding in possible and not is_latin:
        return Encoding(
            best.encoding, f"the letters fit {best.language or 'the language'} in {best.encoding}, no UTF-8"
        )
    return Encoding("cp1252", "single letters with accents as Windows writes them, and no UTF-8")


def _can_decode(sample: bytes, codec: str) -> bool:
    try:
        sample.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _is_written_in_it(text: str, codec: str) -> bool:
    beyond = [letter for letter in text if ord(letter) > 127]
    kana = sum("\u3040" <= letter <= "\u30ff" for letter in beyond)
    half_width = sum("\uff61" <= letter <= "\uff9f" for letter in beyond)
    ideographs = sum("\u4e00" <= letter <= "\u9fff" or "\u3000" <= letter <= "\u303f" for letter in beyond)
    if codec == "cp932":
        return kana * 5 >= len(beyond) and half_width * 3 <= len(beyond)
    return ideographs * 10 >= len(beyond) * 6


def _is_mostly_latin(sample: bytes) -> bool:
    """Letters with accents stand alone between plain ones; other scripts fill whole words."""
    beyond = sum(byte > 127 for byte in sample)
    alone = sum(
        byte > 127 and not (place and sample[place - 1] > 127) and not sample[place + 1 : place + 2] > b"\x7f"
        for place, byte in enumerate(sample)
    )
    return alone * 2 >= beyond
