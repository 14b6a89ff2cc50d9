"""Orders that carry an authorisation, what they cost, and how they fill."""
