"""A person with an old browser: reads a page, presses its buttons, sends its forms. No script, nothing but HTML."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx

from tests.acceptance.walks import plain


@dataclass(frozen=True, slots=True)
class Button:
    """A button of a form, with what it sends."""

    label: str
    name: str
    value: str


@dataclass(slots=True)
class Form:
    """A form of a page. hidden: what it sends whichever button is pressed."""

    action: str
    kind: str = ""
    hidden: dict[str, str] = field(default_factory=dict)
    buttons: list[Button] = field(default_factory=list)
    typed: dict[str, str] = field(default_factory=dict)


class Page(HTMLParser):
    """What stands on a page: its forms, its messages, its notice, its title."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.messages: list[str] = []
        self.notice = ""
        self.direction = ""
        self.language = ""
        self._open: list[tuple[str, dict[str, str]]] = []
        self._button: dict[str, str] | None = None
        self._label = ""
        self.feed(html)
        self.close()

    @property
    def labels(self) -> list[str]:
        """What the buttons of the newest screen say, top to bottom."""
        return [button.label for form in self.forms if "choices" in form.kind for button in form.buttons]

    @property
    def newest(self) -> str:
        """The newest message, without invisible marks."""
        return plain(self.messages[-1])

    def form_of(self, ending: str) -> tuple[Form, Button]:
        """The form whose button ends like this, and the button; the newest screen's first. Raises LookupError."""
        for form in sorted(self.forms, key=lambda form: "choices" not in form.kind):
            for button in form.buttons:
                if button.name and button.label.endswith(ending):
                    return form, button
        raise LookupError(f"no button {ending!r} among {self.labels}")

    @property
    def words_form(self) -> Form:
        """The form with the field for words."""
        return next(form for form in self.forms if "words" in form.typed)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what begins."""
        said = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.direction, self.language = said["dir"], said["lang"]
        elif tag == "form":
            assert said["method"] == "post"
            self.forms.append(Form(said["action"], said.get("class", "")))
        elif tag in {"input", "textarea"}:
            form = self.forms[-1]
            (form.hidden if said.get("type") == "hidden" else form.typed)[said["name"]] = said.get("value", "")
        elif tag == "button":
            self._button, self._label = said, ""
        elif tag == "li":
            self.messages.append("")
        if tag not in {"input", "meta", "link"}:
            self._open.append((tag, said))

    def handle_endtag(self, tag: str) -> None:
        """Note what ends; a page whose tags do not fit raises AssertionError."""
        began, _ = self._open.pop()
        assert began == tag, f"<{began}> ends as </{tag}>"
        if tag == "button" and self._button is not None:
            said = self._button
            self.forms[-1].buttons.append(Button(self._label.strip(), said.get("name", ""), said.get("value", "")))
            self._button = None

    def handle_data(self, data: str) -> None:
        """Note words where they stand."""
        if self._button is not None:
            self._label += data
        tags = [tag for tag, _ in self._open]
        if "p" in tags and "li" in tags:
            self.messages[-1] += data + "\n"
        if any(said.get("class") == "notice" for _, said in self._open):
            self.notice += data
        if tags[-1:] == ["textarea"]:
            self.forms[-1].typed[self._open[-1][1]["name"]] += data


class Visitor:
    """One browser. response: the last answer; page: what it shows."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http
        self.page = Page("")
        self.response: httpx.Response | None = None

    async def opens(self, path: str = "/chat") -> Page:
        """Open an address."""
        return self._shown(await self.http.get(path))

    async def taps(self, ending: str) -> Page:
        """Press the button whose label ends like this."""
        form, button = self.page.form_of(ending)
        return self._shown(await self.http.post(form.action, data=form.hidden | {button.name: button.value}))

    async def says(self, words: str) -> Page:
        """Type words and send them."""
        form = self.page.words_form
        return self._shown(await self.http.post(form.action, data=form.hidden | {"words": words}))

    def _shown(self, response: httpx.Response) -> Page:
        self.response, self.page = response, Page(response.text)
        return self.page
