"""The iron condor (rulebook section 3)."""
