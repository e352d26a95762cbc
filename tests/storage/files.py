"""Small real files with what cameras and programs write beside the content. PLANTED stands in all that must go."""

from __future__ import annotations

import struct
import zlib
from base64 import b64decode

PLANTED = b"planted 44.812345"
#: A picture of one grey pixel, as an encoder wrote it.
JPEG = b64decode(
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////"
    "////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA="
)
_START = JPEG[:2]


def segment(marker: int, body: bytes) -> bytes:
    """A segment of a JPEG."""
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def exif(orientation: int = 6, order: str = "<") -> bytes:
    """An Exif segment: which way up, and a place (GPS) with words in it."""
    head = (b"II*\x00" if order == "<" else b"MM\x00*") + struct.pack(f"{order}I", 8)
    entries = struct.pack(f"{order}HHIHH", 0x0112, 3, 1, orientation, 0)
    entries += struct.pack(f"{order}HHII", 0x8825, 4, 1, 8 + 2 + 24 + 4)  # where the GPS part lies
    gps = struct.pack(f"{order}H", 0) + PLANTED
    return segment(0xE1, b"Exif\x00\x00" + head + struct.pack(f"{order}H", 2) + entries + bytes(4) + gps)


def jpeg(orientation: int = 6, order: str = "<") -> bytes:
    """A photo as a phone makes it: Exif, XMP, a second picture's index, a comment, and a film behind the end."""
    told = exif(orientation, order) + segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + PLANTED)
    told += segment(0xE2, b"MPF\x00" + PLANTED) + segment(0xED, b"Photoshop 3.0\x00" + PLANTED) + segment(0xFE, PLANTED)
    colours = segment(0xE2, b"ICC_PROFILE\x00\x01\x01" + b"colours")
    return _START + told + colours + JPEG[2:] + scan_end() + b"ftyp a film" + PLANTED


def scan_end() -> bytes:
    """What the picture of one pixel lacks of an end."""
    return b"" if JPEG.endswith(b"\xff\xd9") else b"\x00\xff\xd9"


def plain_jpeg() -> bytes:
    """The same picture with nothing beside it."""
    return JPEG + scan_end()


def png(*more: tuple[bytes, bytes], width: int = 1, height: int = 1) -> bytes:
    """A picture with these chunks before its content, which is of one pixel whatever its size says."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), *more, (b"IDAT", zlib.compress(b"\x00\x80")), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )


def webp() -> bytes:
    """A picture's container, with Exif and XMP."""
    extended = b"VP8X" + struct.pack("<I", 10) + bytes((0x08 | 0x04 | 0x10,)) + bytes(9)
    picture = b"VP8L" + struct.pack("<I", 4) + b"abcd"
    told = b"".join(name + struct.pack("<I", len(PLANTED)) + PLANTED + b"\x00" for name in (b"EXIF", b"XMP "))
    body = b"WEBP" + extended + picture + told
    return b"RIFF" + struct.pack("<I", len(body)) + body + PLANTED


def pdf() -> bytes:
    """A paper that says who wrote it, where, and with what."""
    says = b"<< /Author (" + PLANTED + b") /Producer <" + PLANTED.hex().encode() + b"> /Title (a \\) b) >>"
    xmp = b"<?xpacket begin?><x:xmpmeta xmlns:x='adobe:ns:meta/'>" + PLANTED + b"</x:xmpmeta><?xpacket end?>"
    return b"%PDF-1.4\n1 0 obj\n" + says + b"\nendobj\n2 0 obj\nstream\n" + xmp + b"\nendstream\n%%EOF\n"


def mp3() -> bytes:
    """Sound between two tags."""
    tag = b"ID3\x03\x00\x00" + bytes((0, 0, 0, len(PLANTED))) + PLANTED
    return tag + SOUND + b"TAG" + PLANTED.ljust(125, b"\x00")


SOUND = b"\xff\xfb\x90\x00" + bytes(100)
OGG = b"OggS\x00\x02" + bytes(50)
