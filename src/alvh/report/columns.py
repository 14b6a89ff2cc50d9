"""What the columns of the trade log and of the fills mean."""

from __future__ import annotations

from collections.abc import Mapping

TRADE_MEANINGS: Mapping[str, str] = {
    "Date Opened": "session of the opening fill",
    "Time Opened": "empty: the data carry sessions, not times of fills",
    "Opening Price": "level of the underlying (SPX, a tenth of it for XSP, VIX for VIX options) at the opening session",
    "Legs": "contracts, expiry, strike, right, BTO or STO, price of each leg; separated by |",
    "Premium": "USD per contract received at the opening; negative when paid",
    "Closing Price": "level of the underlying at the session the trade ended",
    "Date Closed": "session from which nothing short is left (nothing at all, for a long position); empty while open",
    "Time Closed": "empty, as above",
    "Avg. Closing Cost": "USD per contract of closing and settlement; negative when paid",
    "Reason For Close": "why, without the day's numbers; `open at end` for what the run still holds",
    "P/L": "USD after fees, to the cent; an open trade at its last mark, empty where that is not known",
    "P/L %": "P/L / absolute premium of the whole trade, per cent",
    "No. of Contracts": "packages opened",
    "Funds at Close": "equity of the strategy at the session the trade ended, USD",
    "Margin Req.": "condors: wider wing x 100 x contracts; long positions: the premium paid; USD",
    "Strategy": "sleeve/rule that opened it",
    "Opening Commissions + Fees": "USD",
    "Closing Commissions + Fees": "USD",
    "Opening Short/Long Ratio": "price of the short legs / price of the long legs at the opening",
    "Closing Short/Long Ratio": "the same at the last closing trade",
    "Opening VIX": "VIX at the opening session",
    "Closing VIX": "VIX at the session the trade ended",
    "Gap": "empty: needs an index open",
    "Movement": "empty: needs an index open",
    "Max Profit": "most the trade could earn at expiry before fees, USD; empty where there is no bound",
    "Max Loss": "most the trade could lose at expiry before fees, USD, negative; empty where there is no bound",
}
"""Columns of `trades.csv`, Option Omega's names in its order."""

FILL_MEANINGS: Mapping[str, str] = {
    "session": "session of the fill or settlement",
    "position": "id of the position",
    "proposal": "id of the proposal that led to it; empty for settlements",
    "kind": "opened, closed or settled",
    "sleeve": "condor or hedge",
    "rule": "rule that proposed it; empty for settlements",
    "reason": "why it was closed; for settlements what stood in for the official value",
    "symbol": "OCC symbol of an option, ROOT/DATE of a future, ticker of a share",
    "contracts": "signed contracts traded; a settlement takes away what was held",
    "bid": "bid at decision time, points",
    "ask": "ask at decision time, points",
    "price": "price assigned to the leg, points; for settlements the settlement value",
    "fee": "USD for all contracts of the leg",
    "origin": "recorded or modelled quote",
    "package_price": "net points per package of the whole fill, positive when received",
    "package_mid": "the same at mid",
    "package_natural": "the same at the far side of every leg",
    "package_cash": "USD of the whole package (of the leg, for settlements), positive when received",
}
"""Columns of `fills.parquet`: one row per leg traded or settled."""
