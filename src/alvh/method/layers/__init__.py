"""The layers of the hedge (rulebook section 4)."""
