"""Scans and, later, sweeps, ablations and claims (rulebook sections 8 and 9)."""
