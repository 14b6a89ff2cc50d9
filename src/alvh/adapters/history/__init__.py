"""Histories as markets: recorded chains where there are some, modelled chains elsewhere, point in time throughout."""

from alvh.adapters.history.opening import builtin, from_series, open_store
from alvh.adapters.history.source import Chains, HistoryInputs, HistorySource
from alvh.adapters.history.view import HistoryView

__all__ = ["Chains", "HistoryInputs", "HistorySource", "HistoryView", "builtin", "from_series", "open_store"]
