"""A tested condor: roll, close or shift (rulebook section 5)."""
