"""The heart: guides as checked graphs and the engine that walks them. Pure, standard library only."""
