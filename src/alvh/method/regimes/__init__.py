"""Regimes: the state of the market as columns of flags and scores, each with its evidence (rulebook section 2)."""
