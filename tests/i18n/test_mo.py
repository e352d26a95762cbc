"""Compiled translations, as Babel writes them."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from i18n import mo


@pytest.fixture
def compiled(tmp_path: Path) -> Path:
    catalog = Catalog("ar", project="IZI")
    catalog.add("Home", "الرئيسية", context="bot.home.title")
    catalog.add(("{n} day", "{n} days"), tuple("abcdef"), context="bot.days")
    catalog.add("without context", "x")
    path = tmp_path / "bot.mo"
    with path.open("wb") as file:
        write_mo(file, catalog)
    return path


def test_messages_keep_context_and_all_their_forms(compiled: Path) -> None:
    assert set(mo.read(compiled).messages) == {
        mo.Message("bot.home.title", ("Home",), ("الرئيسية",)),
        mo.Message("bot.days", ("{n} day", "{n} days"), tuple("abcdef")),
        mo.Message("", ("without context",), ("x",)),
    }


def test_header_fields_are_found_by_their_names_in_lower_case(compiled: Path) -> None:
    headers = mo.read(compiled).headers
    assert headers["content-type"] == "text/plain; charset=utf-8"
    assert headers["project-id-version"].startswith("IZI")


@pytest.mark.parametrize("kept", [0, 4, 30, 60])
def test_half_a_file_is_damaged(compiled: Path, kept: int) -> None:
    compiled.write_bytes(compiled.read_bytes()[:kept])
    with pytest.raises(OSError, match=r"damaged"):
        mo.read(compiled)
