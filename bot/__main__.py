"""`python -m bot` is `izi`."""

from bot.cli import main

main()
