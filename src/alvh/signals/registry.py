"""Every signal class of the program, in the order of the rulebook."""

from __future__ import annotations

from typing import Any

from alvh.signals.exchange_rate import ExchangeRate
from alvh.signals.signal import Signal
from alvh.signals.valuation import PriceEarnings
from alvh.signals.vix_history import VixHistory

SIGNALS: tuple[type[Signal[Any]], ...] = (VixHistory, ExchangeRate, PriceEarnings)

BY_ID: dict[str, type[Signal[Any]]] = {signal.id: signal for signal in SIGNALS}

PARTS: tuple[str, ...] = tuple(identifier for signal in SIGNALS for identifier in signal.part_ids())
"""Full id of every part of every signal."""
