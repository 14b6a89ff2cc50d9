"""Checks and approvals: the only room that can authorise an order (rulebook section 6)."""
