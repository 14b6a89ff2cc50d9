"""Inputs of the evidence that are computed from other series, causal, with their known-at kept."""

from alvh.signals.inputs.derived import DERIVED, DerivedLookup, with_derived
from alvh.signals.inputs.vintages import Releases, growth, last_periods

__all__ = ["DERIVED", "DerivedLookup", "Releases", "growth", "last_periods", "with_derived"]
