"""The texts of every language that a person can pick, loaded once; saying one is a look-up and a fill.

A translation counts when it was made from today's English, is complete and uses the same placeholders; else the next
language of the locale's fallback stands in, and `Text.locale` says which one it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from i18n import mo, serbian
from i18n.cldr import words_in
from i18n.locales import LOCALES, SOURCE, plural_count, plural_rule
from i18n.text import Template, Text, Value, fill

__all__ = ["Catalog", "Checked", "Source", "Text"]

# Key (msgctxt) -> the forms of a text in one language; one form unless the text is counted.
_Forms = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Source:
    """The English of one text; a counted one has a plural and counts `{n}`."""

    text: str
    plural: str | None = None

    @property
    def forms(self) -> tuple[str, ...]:
        """The text as a message id: one form, or singular and plural."""
        return (self.text,) if self.plural is None else (self.text, self.plural)


@dataclass(frozen=True, slots=True)
class Checked:
    """Who read a translation and when."""

    by: str
    on: date


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A text to be filled or chosen by number, in the language that it is really in."""

    locale: str
    forms: tuple[Template, ...]
    counted: bool


# Most texts have no places: they are kept as they are said.
_Saying = Text | _Pattern


class Catalog:
    """All texts in all pickable languages. Frozen once built; `with_overrides` makes a new one."""

    def __init__(
        self,
        sources: Mapping[str, Source],
        translations: Mapping[str, _Forms],
        checks: Mapping[tuple[str, str], Checked],
        pickable: Sequence[str],
    ) -> None:
        """Take sources by key, translations by locale and key, checks by (locale, domain); `load` reads them.

        Raises ValueError for an English text with a brace that is no placeholder, KeyError for an unknown locale.
        """
        self._sources = sources
        self._translations = translations
        self._checks = checks
        self._pickable = tuple(pickable)
        english = {
            key: _as_saying(SOURCE, key, source.forms, source.plural is not None) for key, source in sources.items()
        }
        own = {code: _own_sayings(code, english, translations) for code in _needed(pickable) - {SOURCE}}
        own[SOURCE] = english
        self._said = {code: _with_fallbacks(code, sources, own) for code in {SOURCE, *pickable}}

    @classmethod
    def load(cls, directory: Path, sources: Mapping[str, Source], pickable: Sequence[str]) -> Catalog:
        """Read `<directory>/<code>/LC_MESSAGES/<domain>.mo` for the pickable codes and what stands in for them.

        The domain is the first part of a key, "driving-licence" of "driving-licence.fear.ask". A file that is not
        there is a language not translated yet. Raises OSError for a damaged file, else as the constructor.
        """
        translations: dict[str, _Forms] = {}
        checks: dict[tuple[str, str], Checked] = {}
        domains = sorted({_domain(key) for key in sources})
        keys = {key: key for key in sources}  # so that all languages hold the same string, not one like it
        for code in sorted(_needed(pickable) - {SOURCE}):
            translations[code] = {}
            for domain in domains:
                path = directory / code / "LC_MESSAGES" / f"{domain}.mo"
                if path.is_file():
                    compiled = mo.read(path)
                    translations[code] |= _forms_of_today(compiled, keys, sources)
                    if (checked := _checked(compiled.headers)) is not None:
                        checks[code, domain] = checked
        for code in {SOURCE, *_needed(pickable)}:
            words_in(code)  # reads the file: now, not in a turn
        return cls(sources, translations, checks, pickable)

    def text(self, locale: str, key: str, /, **params: Value) -> Text:
        """Say a text. Raises KeyError for an unknown locale or key, ValueError if it is counted, else as `fill`."""
        saying = self._said[locale][key]
        if isinstance(saying, Text):
            if params:
                raise ValueError(f"{key}: no place for {', '.join(sorted(params))}")
            return saying
        if saying.counted:
            raise ValueError(f"{key} is a counted text")
        return Text(fill(saying.forms[0], params, saying.locale), saying.locale)

    def plural(self, locale: str, key: str, n: int, /, **params: Value) -> Text:
        """Say a counted text for n things; `{n}` is filled in. Raises as `text`, ValueError if it is not counted."""
        saying = self._said[locale][key]
        if isinstance(saying, Text) or not saying.counted:
            raise ValueError(f"{key} is not a counted text")
        form = saying.forms[plural_rule(saying.locale)(abs(n))]
        counted = {"n": n, **params} if "n" in form.names else params
        return Text(fill(form, counted, saying.locale), saying.locale)

    @property
    def pickable(self) -> tuple[str, ...]:
        """The codes in which texts can be said."""
        return self._pickable

    def names(self, key: str) -> frozenset[str]:
        """The placeholders of a text's English. Raises KeyError for an unknown key."""
        return _names(self._said[SOURCE][key])

    def missing(self, locale: str) -> list[str]:
        """The keys that this pickable locale says in another language, in the order of the sources."""
        return [key for key, saying in self._said[locale].items() if saying.locale != locale]

    def checked(self, locale: str, domain: str) -> Checked | None:
        """Who checked this translation, None = nobody. (English is the source, not a translation: None.)

        Derived Serbian Latin counts as checked with its Cyrillic, unless it has texts of its own in that domain.
        """
        if locale == serbian.LATIN and not any(_domain(key) == domain for key in self._translations.get(locale, ())):
            locale = serbian.CYRILLIC
        return self._checks.get((locale, domain))

    def with_overrides(self, overrides: Mapping[tuple[str, str], str]) -> Catalog:
        """A new catalog in which single texts, by (locale, key), are replaced.

        New English makes the translations of that key stale: they fall back to it unless overridden too. New Serbian
        Cyrillic gives new Latin likewise. Raises KeyError for an unknown locale or key, ValueError when the text is
        counted or its placeholders are not those of the files' English.
        """
        if not overrides:
            return self
        sources = dict(self._sources)
        translations = {code: dict(forms) for code, forms in self._translations.items()}
        for (locale, key), text in overrides.items():
            if sources[key].plural is not None:
                raise ValueError(f"{key}: a counted text cannot be overridden")
            if not Template.parse(text, f"{key} [{locale}]").agrees(self.names(key), counted=False):
                raise ValueError(f"{key} [{locale}]: the placeholders must be {sorted(self.names(key))}")
            if locale == SOURCE:
                sources[key] = Source(text)
            for code in _stale_after(locale, translations):
                translations[code].pop(key, None)
        for (locale, key), text in overrides.items():
            if locale != SOURCE:
                translations[locale][key] = (text,)
        return Catalog(sources, translations, self._checks, self._pickable)


def _domain(key: str) -> str:
    return key.partition(".")[0]


def _names(saying: _Saying) -> frozenset[str]:
    if isinstance(saying, Text):
        return frozenset()
    return frozenset[str]().union(*(form.names for form in saying.forms))


def _needed(pickable: Sequence[str]) -> set[str]:
    return {code for picked in pickable for code in (picked, *LOCALES[picked].fallback)}


def _stale_after(locale: str, codes: Iterable[str]) -> tuple[str, ...]:
    """Whose translations of a text no longer hold when that text is new in `locale`."""
    if locale == SOURCE:
        return tuple(codes)
    return (serbian.LATIN,) if locale == serbian.CYRILLIC else ()


def _with_fallbacks(
    code: str, sources: Mapping[str, Source], own: Mapping[str, Mapping[str, _Saying]]
) -> dict[str, _Saying]:
    chain = (code, *LOCALES[code].fallback)
    return {key: next(own[near][key] for near in chain if key in own[near]) for key in sources}


def _own_sayings(code: str, english: Mapping[str, _Saying], translations: Mapping[str, _Forms]) -> dict[str, _Saying]:
    """What this language says itself: its own translations, or the derived ones, that fit the English."""
    layers = [translations.get(code, {})]
    if code == serbian.LATIN:
        cyrillic = translations.get(serbian.CYRILLIC, {})
        layers.insert(0, {key: tuple(map(serbian.to_latin, forms)) for key, forms in cyrillic.items()})
    return {
        key: saying
        for layer in layers
        for key, forms in layer.items()
        if (saying := _fitting(code, key, forms, english[key]))
    }


def _fitting(code: str, key: str, forms: tuple[str, ...], english: _Saying) -> _Saying | None:
    counted = isinstance(english, _Pattern) and english.counted
    if len(forms) != (plural_count(code) if counted else 1):
        return None
    try:
        saying = _as_saying(code, f"{key} [{code}]", forms, counted)
    except ValueError:
        return None  # a broken translation must not stop the bot; i18n.po.problems reports it to the translator
    if isinstance(saying, Text):
        return saying if isinstance(english, Text) else None
    return saying if all(form.agrees(_names(english), counted) for form in saying.forms) else None


def _as_saying(code: str, name: str, forms: tuple[str, ...], counted: bool) -> _Saying:
    """Raises ValueError, which calls the text by `name`, for a brace that is no placeholder."""
    if not counted and "{" not in forms[0] and "}" not in forms[0]:
        return Text(forms[0], code)
    return _Pattern(code, tuple(Template.parse(form, name) for form in forms), counted)


def _forms_of_today(compiled: mo.Compiled, keys: Mapping[str, str], sources: Mapping[str, Source]) -> _Forms:
    """The translations of one file whose English is today's. (Compiling leaves out fuzzy and empty ones.)"""
    return {
        keys[message.context]: message.translation
        for message in compiled.messages
        if message.context in sources and message.id == sources[message.context].forms
    }


def _checked(headers: Mapping[str, str]) -> Checked | None:
    by, on = headers.get("x-checked-by", ""), headers.get("x-checked-on", "")
    try:
        return Checked(by, date.fromisoformat(on)) if by else None
    except ValueError:
        return None  # a check without a day is no check; i18n.po.problems reports it
