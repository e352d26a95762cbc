"""Which files we take, and what they are by their first bytes: what a sender claims is not to be relied on."""

from __future__ import annotations

from collections.abc import Mapping

#: Bytes of one file; Telegram gives out at most twice as much.
LARGEST = 10 * 1024 * 1024

#: What may be claimed of a file that we take; everything else is refused at once.
TAKEN = frozenset(
    {
        "image/jpeg", "image/png", "image/webp", "application/pdf", "audio/ogg", "audio/opus", "audio/mpeg",
        "audio/mp3", "audio/mp4", "audio/m4a", "audio/x-m4a", "video/mp4", "application/ogg",
    }
)  # fmt: skip

#: With every file that we give out: whatever stands in it, a browser runs and loads nothing of it, and takes it for
#: nothing but what we say. Opened by itself it is a page without an origin.
SANDBOX = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}

#: Signatures at the very beginning (the formats' own specifications).
_BEGINNINGS: Mapping[bytes, str] = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"%PDF-": "application/pdf",
    b"OggS": "audio/ogg",
    b"ID3": "audio/mpeg",
    b"\xff\xfb": "audio/mpeg",
    b"\xff\xf3": "audio/mpeg",
    b"\xff\xf2": "audio/mpeg",
}
#: Brands of the ISO base media format, at byte 8 behind "ftyp" (ISO/IEC 14496-12).
_BRANDS: Mapping[bytes, str] = {
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
    b"isom": "video/mp4",
    b"iso2": "video/mp4",
    b"iso4": "video/mp4",
    b"iso5": "video/mp4",
    b"iso6": "video/mp4",
    b"mp41": "video/mp4",
    b"mp42": "video/mp4",
    b"avc1": "video/mp4",
    b"dash": "video/mp4",
    b"M4V ": "video/mp4",
    b"MSNV": "video/mp4",
}


def type_of(content: bytes) -> str | None:
    """The MIME type of a file that we take, or None for any other."""
    for beginning, type in _BEGINNINGS.items():
        if content.startswith(beginning):
            return type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return _BRANDS.get(content[8:12]) if content[4:8] == b"ftyp" else None
