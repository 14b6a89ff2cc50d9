"""Returns, drawdowns, IRR and the other measures, each with its definition and unit (rulebook section 7)."""
