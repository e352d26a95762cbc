from __future__ import annotations

import gettext
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog as Template
from babel.messages.pofile import PoFileError, read_po

from i18n.locales import LOCALES, SOURCE, plural_count
from i18n.po import Problem, compile_all, problems, update


def template(*texts: tuple[str, str], counted: tuple[tuple[str, str, str], ...] = (), note: str = "") -> Template:
    made = Template(domain="bot")
    for key, english in texts:
        made.add(english, context=key, locations=[("content/bot.yaml", 7)], auto_comments=[note] if note else [])
    for key, singular, plural in counted:
        made.add((singular, plural), context=key)
    return made


HOME = ("bot.home", "How can I help?")
FEE = ("bot.fee", "It costs {fee}.")
STEPS = ("bot.steps", "{n} step", "{n} steps")


def po_path(directory: Path, code: str, domain: str = "bot") -> Path:
    return directory / code / "LC_MESSAGES" / f"{domain}.po"


def edit(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")


def translate(path: Path, english: str, said: str) -> None:
    edit(path, (f'msgid "{english}"\nmsgstr ""', f'msgid "{english}"\nmsgstr "{said}"'))


def test_update_makes_one_file_for_each_language_and_domain(tmp_path: Path) -> None:
    made = update(tmp_path, {"bot": template(HOME), "licence": template(FEE)}, ("en", "sr_Cyrl", "ar"))
    assert made == [po_path(tmp_path, code, domain) for code in ("sr_Cyrl", "ar") for domain in ("bot", "licence")]
    assert all(path.is_file() for path in made)


def test_derived_latin_gets_a_file_only_when_someone_made_one(tmp_path: Path) -> None:
    assert update(tmp_path, {"bot": template(HOME)}, ("sr_Latn",)) == []
    path = po_path(tmp_path, "sr_Latn")
    path.parent.mkdir(parents=True)
    path.write_text('msgctxt "bot.home"\nmsgid "How can I help?"\nmsgstr "Kako?"\n', encoding="utf-8")
    assert update(tmp_path, {"bot": template(HOME)}, ("sr_Latn",)) == [path]
    assert 'msgstr "Kako?"' in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("code", sorted(set(LOCALES) - {SOURCE, "sr_Latn"}))
def test_a_new_file_has_our_plural_rule_and_room_for_every_form(tmp_path: Path, code: str) -> None:
    [path] = update(tmp_path, {"bot": template(HOME, counted=(STEPS,))}, (code,))
    with path.open("rb") as file:
        po = read_po(file, abort_invalid=True)
    assert po.num_plurals == plural_count(code)
    assert len(po.get("{n} step", "bot.steps").string) == po.num_plurals  # type: ignore[union-attr, arg-type]
    assert problems(tmp_path) == []


def test_the_same_template_gives_the_same_bytes_without_dates_or_line_numbers(tmp_path: Path) -> None:
    [path] = update(tmp_path, {"bot": template(HOME, FEE, note="a note")}, ("ar",))
    first = path.read_text(encoding="utf-8")
    assert update(tmp_path, {"bot": template(HOME, FEE, note="a note")}, ("ar",)) == []
    assert path.read_text(encoding="utf-8") == first
    assert "Date" not in first
    assert "#: content/bot.yaml\n" in first


def test_translations_comments_and_checks_survive_an_update(tmp_path: Path) -> None:
    [path] = update(tmp_path, {"bot": template(HOME, FEE)}, ("ar",))
    translate(path, HOME[1], "كيف؟")
    edit(
        path,
        ("X-Checked-By: ", "X-Checked-By: Пример"),
        ("X-Checked-On: ", "X-Checked-On: 2026-11-23"),
        ("MIME-Version", 'X-Generator: an editor\\n"\n"MIME-Version'),
        ("#: content", "# asked a speaker\n#: content"),
    )
    update(tmp_path, {"bot": template(FEE, HOME, ("bot.new", "New"))}, ("ar",))
    text = path.read_text(encoding="utf-8")
    for kept in ("كيف؟", "X-Checked-By: Пример", "X-Checked-On: 2026-11-23", "X-Generator: an editor", "# asked a"):
        assert text.count(kept) == 1
    assert text.index("bot.fee") < text.index("bot.home") < text.index("bot.new")


def test_a_changed_english_text_starts_empty_and_keeps_the_old_translation_as_obsolete(tmp_path: Path) -> None:
    [path] = update(tmp_path, {"bot": template(HOME)}, ("ar",))
    translate(path, HOME[1], "كيف؟")
    update(tmp_path, {"bot": template(("bot.home", "How can I help you?"))}, ("ar",))
    text = path.read_text(encoding="utf-8")
    assert 'msgid "How can I help you?"\nmsgstr ""' in text
    assert '#~ msgctxt "bot.home"\n#~ msgid "How can I help?"\n#~ msgstr "كيف؟"' in text
    assert "fuzzy" not in text


def test_a_changed_plural_starts_empty_too(tmp_path: Path) -> None:
    [path] = update(tmp_path, {"bot": template(counted=(STEPS,))}, ("fa_AF",))
    edit(path, ('msgstr[0] ""', 'msgstr[0] "{n} قدم"'), ('msgstr[1] ""', 'msgstr[1] "{n} قدم"'))
    update(tmp_path, {"bot": template(counted=(("bot.steps", "{n} step", "{n} steps left"),))}, ("fa_AF",))
    assert 'msgid_plural "{n} steps left"\nmsgstr[0] ""\nmsgstr[1] ""' in path.read_text(encoding="utf-8")


def test_an_old_translation_comes_back_with_its_english(tmp_path: Path) -> None:
    [path] = update(tmp_path, {"bot": template(HOME)}, ("ar",))
    translate(path, HOME[1], "كيف؟")
    before = path.read_bytes()
    update(tmp_path, {"bot": template(("bot.home", "What?"))}, ("ar",))
    update(tmp_path, {"bot": template(HOME)}, ("ar",))
    assert path.read_bytes() == before


def test_untranslated_texts_leave_nothing_obsolete(tmp_path: Path) -> None:
    [path] = update(tmp_path, {"bot": template(HOME)}, ("ar",))
    update(tmp_path, {"bot": template(FEE)}, ("ar",))
    assert "#~" not in path.read_text(encoding="utf-8")


def test_forms_made_under_another_plural_rule_are_kept_for_a_second_look(tmp_path: Path) -> None:
    [path] = update(tmp_path, {"bot": template(counted=(STEPS,))}, ("tr",))
    edit(
        path,
        ("nplurals=2; plural=(n != 1);", "nplurals=1; plural=0;"),
        ('msgstr[0] ""\nmsgstr[1] ""', 'msgstr[0] "{n} adım"'),
    )
    update(tmp_path, {"bot": template(counted=(STEPS,))}, ("tr",))
    text = path.read_text(encoding="utf-8")
    assert LOCALES["tr"].plurals in text
    assert "#, fuzzy, python-brace-format" in text
    assert 'msgstr[0] "{n} adım"\nmsgstr[1] ""' in text


def test_a_percent_sign_makes_no_c_format(tmp_path: Path) -> None:
    [path] = update(tmp_path, {"bot": template(("bot.done", "100 % done"))}, ("ar",))
    assert "python-format" not in path.read_text(encoding="utf-8")


def test_compiling_serves_finished_messages_only_and_keeps_who_checked(tmp_path: Path) -> None:
    [path] = update(tmp_path, {"bot": template(HOME, FEE, ("bot.a", "A"), counted=(STEPS,))}, ("ar",))
    translate(path, HOME[1], "كيف؟")
    edit(path, ('msgctxt "bot.a"\nmsgid "A"\nmsgstr ""', '#, fuzzy\nmsgctxt "bot.a"\nmsgid "A"\nmsgstr "أ"'))
    edit(path, ('msgstr[0] ""', 'msgstr[0] "لا خطوات"'), ("X-Checked-By: ", "X-Checked-By: Пример"))
    assert compile_all(tmp_path) == 1
    with path.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert compiled.pgettext(*HOME) == "كيف؟"
    assert compiled.pgettext(*FEE) == FEE[1]
    assert compiled.pgettext("bot.a", "A") == "A"
    assert compiled.npgettext(*STEPS, 0) == "{n} steps"
    assert compiled.info()["x-checked-by"] == "Пример"
    assert compiled.info()["plural-forms"] == LOCALES["ar"].plurals


def test_a_compiled_file_without_its_source_is_removed(tmp_path: Path) -> None:
    [path] = update(tmp_path, {"bot": template(HOME)}, ("ar",))
    compile_all(tmp_path)
    path.unlink()
    assert compile_all(tmp_path) == 0
    assert not path.with_suffix(".mo").exists()


UNBALANCED = "isolates are not closed within their line, or there is an embedding or override character"


def found(directory: Path) -> list[str]:
    return [problem.text for problem in problems(directory)]


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("التكلفة", "placeholders must be ['fee'], not []"),
        ("{fee} {price}", "placeholders must be ['fee'], not ['fee', 'price']"),
        ("{Fee}", "the translation: a brace that is not a {placeholder}"),
        ("\u2068{fee}", UNBALANCED),
        ("\u202b{fee}\u202c", UNBALANCED),
        ("{fee}\u0007", "control character"),
        ("{fee}\\t", "control character"),
    ],
)
def test_a_translation_that_would_look_wrong_is_reported(tmp_path: Path, said: str, problem: str) -> None:
    [path] = update(tmp_path, {"bot": template(HOME, FEE)}, ("ar",))
    translate(path, FEE[1], said)
    line = path.read_text(encoding="utf-8").splitlines().index('msgid "It costs {fee}."') + 1
    assert problems(tmp_path) == [Problem(path, line, problem)]


@pytest.mark.parametrize("said", ["{fee}", "\u2068{fee}\u2069", "هزینه:\\n{fee}", "می\u200cشود {fee}"])
def test_a_good_translation_is_not_reported(tmp_path: Path, said: str) -> None:
    [path] = update(tmp_path, {"bot": template(HOME, FEE)}, ("fa_AF",))
    translate(path, FEE[1], said)
    assert problems(tmp_path) == []


def test_a_fuzzy_translation_is_unfinished_not_wrong(tmp_path: Path) -> None:
    [path] = update(tmp_path, {"bot": template(FEE)}, ("ar",))
    translate(path, FEE[1], "التكلفة")
    edit(path, ("#, python-brace-format", "#, fuzzy, python-brace-format"))
    assert problems(tmp_path) == []


@pytest.mark.parametrize(("said", "good"), [("م" * 24, True), ("م" * 25, False), ("🙋" * 12, True), ("🙋" * 13, False)])
def test_a_label_longer_than_its_note_allows_is_reported_in_utf16_units(tmp_path: Path, said: str, good: bool) -> None:
    [path] = update(tmp_path, {"bot": template(HOME, note="a button; max 24")}, ("ar",))
    translate(path, HOME[1], said)
    assert (found(tmp_path) == []) is good


def test_a_length_note_is_found_though_it_is_wrapped(tmp_path: Path) -> None:
    [path] = update(tmp_path, {"bot": template(HOME, note="words " * 15 + "here, max 24")}, ("ar",))
    assert "max\n" in path.read_text(encoding="utf-8")
    translate(path, HOME[1], "م" * 25)
    assert len(found(tmp_path)) == 1


def test_a_cyrillic_label_must_fit_in_latin_too(tmp_path: Path) -> None:
    [path] = update(tmp_path, {"bot": template(HOME, note="max 20")}, ("sr_Cyrl",))
    translate(path, HOME[1], "љ" * 11)
    assert found(tmp_path) == [f"22 UTF-16 units, at most 20: {'lj' * 11}"]


def test_a_counted_form_may_leave_out_the_number_and_an_unfinished_one_is_reported(tmp_path: Path) -> None:
    [path] = update(tmp_path, {"bot": template(counted=(STEPS,))}, ("fa_AF",))
    edit(path, ('msgstr[0] ""', 'msgstr[0] "یک قدم"'))
    assert found(tmp_path) == ["1 of 2 plural forms are empty"]
    edit(path, ('msgstr[1] ""', 'msgstr[1] "{n} قدم"'))
    assert found(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("nplurals=2; plural=(n > 1);", "nplurals=1; plural=0;", "Plural-Forms must be: nplurals=2; plural=(n > 1);"),
        ("X-Checked-By: ", "X-Checked-By: A", "X-Checked-On must be a day like 2026-11-23, not ''"),
    ],
)
def test_a_wrong_header_is_reported(tmp_path: Path, old: str, new: str, problem: str) -> None:
    [path] = update(tmp_path, {"bot": template(HOME)}, ("fa_AF",))
    edit(path, (old, new))
    assert problems(tmp_path) == [Problem(path, 1, problem)]


@pytest.mark.parametrize(
    ("broken", "line"), [(b'msgid "a"\nnonsense', 2), (b'\nmsgid "a"\n', 2), ("msgid ž".encode("cp1250"), 1)]
)
def test_a_file_that_is_no_po_file_is_reported_not_raised(tmp_path: Path, broken: bytes, line: int) -> None:
    path = po_path(tmp_path, "ar")
    path.parent.mkdir(parents=True)
    path.write_bytes(broken)
    [problem] = problems(tmp_path)
    assert problem.file == path
    assert problem.line == line
    assert problem.text.startswith("not a PO file")


def test_an_unreadable_file_is_not_overwritten(tmp_path: Path) -> None:
    [path] = update(tmp_path, {"bot": template(HOME)}, ("ar",))
    edit(path, ("msgstr", "msgstx"))
    before = path.read_bytes()
    with pytest.raises(PoFileError):
        update(tmp_path, {"bot": template(HOME, FEE)}, ("ar",))
    assert path.read_bytes() == before


def test_a_folder_that_is_no_language_of_ours_is_reported(tmp_path: Path) -> None:
    path = po_path(tmp_path, "sr")
    path.parent.mkdir(parents=True)
    path.write_text("", encoding="utf-8")
    assert problems(tmp_path) == [Problem(path, 1, "unknown language 'sr'")]


def test_a_byte_order_mark_from_an_editor_does_no_harm(tmp_path: Path) -> None:
    [path] = update(tmp_path, {"bot": template(HOME)}, ("ar",))
    before = path.read_bytes()
    path.write_bytes(b"\xef\xbb\xbf" + before)
    update(tmp_path, {"bot": template(HOME)}, ("ar",))
    assert path.read_bytes() == before
