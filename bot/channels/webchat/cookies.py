"""The two cookies of the chat: the token that opens it, and how the page is to look. No script can read either."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, Response

YEAR = 365 * 24 * 3600  # seconds
BIG, SHARED = "big", "shared"


@dataclass(frozen=True, slots=True)
class Look:
    """big: large letters. shared: others use this device, so the cookies go when the browser is closed."""

    big: bool = False
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Cookies:
    """secure: the names carry a prefix that ties the cookies to this host and to https."""

    secure: bool

    @property
    def token_name(self) -> str:
        """The name of the token's cookie."""
        return "__Host-izi-chat" if self.secure else "izi-chat"

    @property
    def look_name(self) -> str:
        """The name of the look's cookie."""
        return "__Host-izi-look" if self.secure else "izi-look"

    def token(self, request: Request) -> str | None:
        """The token that the browser sent."""
        return request.cookies.get(self.token_name)

    def look(self, request: Request) -> Look:
        """How the person wants the page."""
        wanted = request.cookies.get(self.look_name, "").split(".")
        return Look(BIG in wanted, SHARED in wanted)

    def keep_token(self, response: Response, token: str, look: Look) -> None:
        """Let the browser keep the token, on a shared device until it is closed."""
        self._keep(response, self.token_name, token, look)

    def keep_look(self, response: Response, look: Look) -> None:
        """Let the browser keep how the page is to look."""
        words = [word for word, is_wanted in ((BIG, look.big), (SHARED, look.shared)) if is_wanted]
        self._keep(response, self.look_name, ".".join(words), look)

    def forget_token(self, response: Response) -> None:
        """Take away the last way back to the chat."""
        response.delete_cookie(self.token_name, secure=self.secure, httponly=True, samesite="lax")

    def _keep(self, response: Response, name: str, value: str, look: Look) -> None:
        age = None if look.shared else YEAR
        response.set_cookie(name, value, age, secure=self.secure, httponly=True, samesite="lax")
