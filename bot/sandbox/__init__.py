"""The other side of the wire: a local Telegram Bot API server, for people without a token and for the tests.

`bot.sandbox.telegram.TelegramServer` is the server, `bot.sandbox.people.Person` a person who writes to the bot, and
`bot.sandbox.faults` what may go wrong. `python -m bot.sandbox` runs it as a process of its own.
"""
