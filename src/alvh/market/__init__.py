"""Contracts, sessions, chains, curves, series and views: what the world offers and when it was known."""
