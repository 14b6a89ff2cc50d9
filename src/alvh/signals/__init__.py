"""Evidence, causal and aligned to sessions (rulebook section 1)."""
