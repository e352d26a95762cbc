"""What staff can read the desk in. What newcomers can pick is another list (bot/world.py)."""

from __future__ import annotations

#: Serbian Latin is derived from Cyrillic.
STAFF_LANGUAGES = ("en", "sr_Latn", "sr_Cyrl", "lv")
