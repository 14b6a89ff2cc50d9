"""Markets that did not happen: joint models of SPX and VIX, their quotes, and what surrounds them."""
