"""A file without what was written beside its content: where and when a photo was taken, with what, by whom. Pure.

Nothing is decoded and nothing encoded anew, so a picture loses no quality and a picture of a hundred megapixels costs
no more than its bytes. A library that reads pictures would be the largest dependency of the house, and each of its
faults one that strangers' files can reach; what is needed here is to copy the parts that make the picture. Only which
way up it stands is kept of what a camera wrote.

Limit: what a PDF says of its author is blanked only where it is written plainly, not in compressed parts. What stands
inside a picture or is said in a voice note is not touched.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator, Mapping

from storage.file_types import type_of


class NotTaken(Exception):
    """A kind of file that we do not send, or a broken one."""


def clean(content: bytes) -> tuple[str, bytes]:
    """MIME type and content without metadata, of a photo, a PDF or a voice note. Raises NotTaken."""
    type = type_of(content)
    if type is None or type not in _CLEANED:
        raise NotTaken(type or "unknown")
    try:
        return type, _CLEANED[type](content)
    except (struct.error, IndexError, ValueError):
        raise NotTaken("broken") from None


# --- JPEG: ITU-T T.81, annex B; Exif 2.32, 4.5 and 4.6 ---
_END, _SCAN, _EXIF, _COLOURS = 0xD9, 0xDA, 0xE1, 0xE2
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a length
#: Segments that only tell about the picture: of programs and cameras, and comments; not JFIF (E0), Adobe (EE).
_TELLING = frozenset({*range(0xE1, 0xEE), 0xEF, 0xFE})
_EXIF_NAME, _COLOURS_NAME = b"Exif\x00\x00", b"ICC_PROFILE\x00"
_ORIENTATION = 0x0112
_IN_SCAN = re.compile(rb"\xff(?![\x00\xd0-\xd7\xff])")  # the next marker behind entropy-coded data


def _jpeg(content: bytes) -> bytes:
    kept, turned = [], b""
    for marker, segment in _segments(content):
        if marker == _EXIF and segment[4:].startswith(_EXIF_NAME):
            turned = turned or _turned(segment[10:])
        if marker not in _TELLING or (marker == _COLOURS and segment[4:].startswith(_COLOURS_NAME)):
            kept.append(segment)
    return b"\xff\xd8" + turned + b"".join(kept)


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and whole segment, a scan with its data, to the end of the picture; what stands behind it is left."""
    at = 2
    while True:
        if content[at] != 0xFF:
            raise ValueError("no marker")
        marker = content[at + 1]
        if marker == 0xFF:  # a byte to fill up
            at += 1
            continue
        end = at + 2
        if marker not in _ALONE and marker != _END:
            end += struct.unpack_from(">H", content, end)[0]
        if marker == _SCAN:
            following = _IN_SCAN.search(content, end)
            if following is None:
                raise ValueError("the picture has no end")
            end = following.start()
        if end > len(content) or end < at + 2:
            raise ValueError("a segment is cut off")
        yield marker, content[at:end]
        if marker == _END:
            return
        at = end


def _turned(tiff: bytes) -> bytes:
    """An Exif segment that says nothing but which way up the picture stands; empty where nothing says it."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return b""
    (first,) = struct.unpack_from(f"{order}I", tiff, 4)
    (count,) = struct.unpack_from(f"{order}H", tiff, first)
    for position in range(count):
        tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, first + 2 + 12 * position)
        if tag == _ORIENTATION and 1 < value <= 8:
            entry = struct.pack(">HHIHH", _ORIENTATION, 3, 1, value, 0)
            body = _EXIF_NAME + b"MM\x00\x2a" + struct.pack(">IH", 8, 1) + entry + struct.pack(">I", 0)
            return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
    return b""


# --- PNG: W3C, third edition, 5 and 11 ---
_PNG_KEPT = frozenset({
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"bKGD", b"pHYs",
})  # fmt: skip


def _png(content: bytes) -> bytes:
    kept, at = [content[:8]], 8
    while True:
        length, name = struct.unpack_from(">I4s", content, at)
        end = at + 12 + length
        if end > len(content):
            raise ValueError("a chunk is cut off")
        if name in _PNG_KEPT:
            kept.append(content[at:end])
        if name == b"IEND":
            return b"".join(kept)
        at = end


# --- WebP: RFC 9649, 2.7 ---
_WEBP_TELLING = frozenset({b"EXIF", b"XMP "})
_WEBP_FLAGS = 0x08 | 0x04  # of the extended header: there is Exif, there is XMP


def _webp(content: bytes) -> bytes:
    (size,) = struct.unpack_from("<I", content, 4)
    content = content[: 8 + size]
    kept, at = [], 12
    while at < len(content):
        name, length = struct.unpack_from("<4sI", content, at)
        end = at + 8 + length + length % 2
        if end > len(content):
            raise ValueError("a chunk is cut off")
        if name == b"VP8X":
            flags = content[at + 8] & ~_WEBP_FLAGS
            kept.append(content[at : at + 8] + bytes((flags,)) + content[at + 9 : end])
        elif name not in _WEBP_TELLING:
            kept.append(content[at:end])
        at = end
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body


# --- PDF: ISO 32000-1, 14.3. Blanked in place, so that all offsets stay right. ---
_PDF_SAYS = re.compile(
    rb"(/(?:Title|Author|Subject|Keywords|Creator|Producer|CreationDate|ModDate|Company)\s*)"
    rb"(\((?:\\.|[^\\()]){0,2000}\)|<[0-9A-Fa-f\s]{0,4000}>)",
    re.DOTALL,
)
_PDF_XMP = re.compile(rb"<x:xmpmeta\b.{0,200000}?</x:xmpmeta>", re.DOTALL)


def _pdf(content: bytes) -> bytes:
    content = _PDF_SAYS.sub(lambda found: found[1] + b"(" + b" " * (len(found[2]) - 2) + b")", content)
    return _PDF_XMP.sub(lambda found: b" " * len(found[0]), content)


# --- Sound: ID3v2 stands before it, ID3v1 behind it (id3.org). The comments of an Ogg file are kept. ---
def _mp3(content: bytes) -> bytes:
    while content.startswith(b"ID3"):
        size = 0
        for part in content[6:10]:
            size = size << 7 | (part & 0x7F)
        content = content[10 + size + (10 if content[5] & 0x10 else 0) :]
    if content[-128:-125] == b"TAG":
        content = content[:-128]
    if not content:
        raise ValueError("nothing but a tag")
    return content


def _ogg(content: bytes) -> bytes:
    return content


#: What we send, by its type. Videos and M4A are not among them: they can hold a place in ways too many to know.
_CLEANED: Mapping[str, Callable[[bytes], bytes]] = {
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/webp": _webp,
    "application/pdf": _pdf,
    "audio/mpeg": _mp3,
    "audio/ogg": _ogg,
}
