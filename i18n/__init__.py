"""How it is said: languages, catalogues, dates, isolates and the folding of every script to one key."""
