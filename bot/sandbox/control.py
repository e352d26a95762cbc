"""Drive the server from another process: `/control/*`, JSON in and out, on the server's own port.

Every act of a Person is a path of its own, with its arguments in the body:

    POST /control/person                    {"id": 1001, "language_code": "fa"}
    POST /control/person/1001/says          {"text": "hello"}
    GET  /control/person/1001/messages
    POST /control/faults                    [{"fault": "reply", "status": 429, "retry_after": 3, "method": "send*"}]
    POST /control/redeliver                 {"share": 0.02}
    GET  /control/stats
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping

import orjson
import telegram
from aiohttp import web

from bot.sandbox.chats import BotMessage
from bot.sandbox.faults import Delay, Fault, LostAnswer, LostCall, Reply, Rule
from bot.sandbox.people import Person
from bot.sandbox.shapes import as_json
from bot.sandbox.spec import Json
from bot.sandbox.telegram import TelegramServer

ACTS: Mapping[str, Callable[..., Awaitable[Json]]] = {
    "says": Person.says,
    "starts": Person.starts,
    "presses": Person.presses,
    "presses_raw": Person.presses_raw,
    "sends_voice": Person.sends_voice,
    "sends_photo": Person.sends_photo,
    "sends_document": Person.sends_document,
    "sends_sticker": Person.sends_sticker,
    "sends_location": Person.sends_location,
    "sends_contact": Person.sends_contact,
    "blocks": Person.blocks,
    "unblocks": Person.unblocks,
}

FAULTS: Mapping[str, Callable[..., Fault]] = {
    "reply": Reply,
    "lost answer": LostAnswer,
    "lost call": LostCall,
    "delay": Delay,
}
RULE_FIELDS = frozenset({"method", "chat", "nth", "chance"})


class Control:
    """The routes; a request that makes no sense is answered 400 with the reason."""

    def __init__(self, server: TelegramServer) -> None:
        """Adds itself to the server, which must not have been started."""
        self._server = server
        server.app.router.add_routes(
            [
                web.post("/control/person", self._person),
                web.get(r"/control/person/{id:\d+}/messages", self._messages),
                web.post(r"/control/person/{id:\d+}/{act}", self._act),
                web.post("/control/faults", self._faults),
                web.post("/control/redeliver", self._redeliver),
                web.get("/control/stats", self._stats),
            ]
        )

    async def _person(self, request: web.Request) -> web.Response:
        person = self._server.person(**await _body(request))
        return _json({"id": person.id})

    async def _act(self, request: web.Request) -> web.Response:
        person = self._server.person(int(request.match_info["id"]))
        act = ACTS.get(request.match_info["act"])
        if act is None:
            raise web.HTTPNotFound(text=f"no such act; there are {', '.join(ACTS)}")
        try:
            done = await act(person, **await _body(request))
        except (LookupError, RuntimeError, TypeError) as wrong:
            raise web.HTTPBadRequest(text=str(wrong)) from wrong
        return _json({"result": as_json(done) if isinstance(done, telegram.TelegramObject) else done})

    async def _messages(self, request: web.Request) -> web.Response:
        return _json([_described(message) for message in self._server.person(int(request.match_info["id"])).messages])

    async def _faults(self, request: web.Request) -> web.Response:
        """The list replaces the rules in force."""
        rules = [_rule(described) for described in await _body(request)]
        self._server.faults.clear()
        for rule in rules:
            self._server.faults.add(rule)
        return _json({"rules": len(rules)})

    async def _redeliver(self, request: web.Request) -> web.Response:
        return _json({"offered": await self._server.redeliver(**await _body(request))})

    async def _stats(self, request: web.Request) -> web.Response:
        return _json(
            {
                "calls": Counter(f"{call.method}: {call.outcome}" for call in self._server.calls),
                "violations": self._server.violations,
                "waiting_updates": len(self._server.updates),
            }
        )


def _rule(described: Mapping[str, Json]) -> Rule:
    conditions = {name: value for name, value in described.items() if name in RULE_FIELDS}
    details = {name: value for name, value in described.items() if name not in RULE_FIELDS and name != "fault"}
    try:
        return Rule(FAULTS[described["fault"]](**details), **conditions)
    except (KeyError, TypeError) as wrong:
        raise web.HTTPBadRequest(text=f"no such fault: {wrong}") from wrong


def _described(message: BotMessage) -> Json:
    return {
        "id": message.id,
        "text": message.text,
        "entities": message.entities,
        "buttons": message.buttons,
        "deleted": message.deleted,
        "history": [_described(before) for before in message.history],
    }


async def _body(request: web.Request) -> Json:
    try:
        return orjson.loads(await request.read() or b"{}")
    except orjson.JSONDecodeError as wrong:
        raise web.HTTPBadRequest(text=str(wrong)) from wrong


def _json(result: Json) -> web.Response:
    return web.Response(body=orjson.dumps(result), content_type="application/json")
