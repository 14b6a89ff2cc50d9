"""The policy document: composed, validated, hashed, and never without provenance."""
