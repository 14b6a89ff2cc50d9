"""Immutable entries, the journal they stand in, and the invariants every run must hold."""
