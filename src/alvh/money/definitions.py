"""What every measure means: label, unit and definition, in the order of the reports.

`docs/measures.md` is generated from this table, and each number in a report carries its row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FRACTION = "fraction"
YEARLY = "fraction per year"
USD = "USD"
RATIO = "ratio"
COUNT = "count"
DAYS = "calendar days"
SMALL_SAMPLE = 30
"""Trades below which a figure about trades carries a caution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """Label, unit and definition of one measure; `group` is the table it stands in."""

    label: str
    unit: str
    text: str
    group: str


_RETURNS = {
    "total_return": ("Total return", FRACTION, "Last equity / initial equity - 1."),
    "cagr": (
        "CAGR",
        YEARLY,
        "(Last equity / initial equity)^(365 / calendar days from the first to the last session) - 1. Absent under "
        "30 days.",
    ),
    "irr": (
        "IRR (XIRR)",
        YEARLY,
        "Rate r at which deposits and final equity discount to zero at (1 + r)^(days / 365). Reported only when "
        "exactly one root lies in (-0.99, 10]; otherwise absent and all roots are named. Absent under 30 days.",
    ),
    "volatility": (
        "Volatility",
        YEARLY,
        "Standard deviation (n - 1) of simple session-to-session returns x sqrt(252).",
    ),
    "sharpe": (
        "Sharpe ratio",
        RATIO,
        "Mean of session returns above the bill return / their standard deviation (n - 1), x sqrt(252). The bill "
        "return is the one-month rate x days / 365, as the account accrues it; sessions without a known rate are "
        "left out.",
    ),
    "sortino": (
        "Sortino ratio",
        RATIO,
        "Mean of session returns above the bill return x 252 / (root mean square of their negative part over all "
        "sessions x sqrt(252)).",
    ),
    "max_drawdown": (
        "Max drawdown",
        FRACTION,
        "Largest fall of equity from its running maximum, at daily marks, the initial equity being the first "
        "maximum; negative. Dates: peak, trough, recovery (where there is one).",
    ),
    "mar": ("MAR", RATIO, "CAGR / absolute max drawdown, both over the whole run."),
    "worst_day": ("Worst day", FRACTION, "Lowest session-to-session return."),
    "worst_week": ("Worst week", FRACTION, "Lowest return between last sessions of ISO weeks."),
    "worst_month": ("Worst month", FRACTION, "Lowest return between last sessions of calendar months."),
    "skew": ("Skew", RATIO, "Third standardised moment of session returns (population)."),
    "excess_kurtosis": (
        "Excess kurtosis",
        RATIO,
        "Fourth standardised moment of session returns (population) - 3.",
    ),
    "var_5": (
        "VaR 5%, daily",
        FRACTION,
        "Minus the 5% quantile of session returns (historical, linear interpolation); a loss is positive. Absent "
        "under 60 returns.",
    ),
    "es_5": (
        "ES 5%, daily",
        FRACTION,
        "Minus the mean of the session returns at or below the 5% quantile; a loss is positive. Absent under 60 "
        "returns.",
    ),
    "beta": (
        "Beta to SPX",
        RATIO,
        "Slope of session returns above the bill return on those of the S&P 500 price index, least squares; "
        "interval 95% from Newey-West errors with 21 lags (Bartlett). Absent under 60 returns.",
    ),
    "alpha": (
        "Alpha to SPX",
        YEARLY,
        "Intercept of the same regression x 252; interval 95% from the same errors. A linear beta calls short "
        "convexity alpha, so read it beside the tails.",
    ),
}

_TRADES = {
    "condor_trades": ("Condors closed", COUNT, "Condor positions closed or settled by the end of the run."),
    "win_rate": ("Win rate", FRACTION, "Closed condors with P/L after fees above zero / closed condors."),
    "average_winner": ("Average winner", USD, "Mean P/L after fees of closed condors that made money."),
    "average_loser": ("Average loser", USD, "Mean P/L after fees of closed condors that did not make money."),
    "capture_rate": (
        "Capture rate",
        FRACTION,
        "Sum of P/L after fees of closed condors / sum of the credits they received.",
    ),
    "premium_kept": (
        "Premium kept",
        FRACTION,
        "(Credits received - paid to close or settle) / credits received, of closed condors, before fees.",
    ),
    "days_in_trade": (
        "Days in trade",
        DAYS,
        "Mean calendar days from opening until no short option of the condor is left.",
    ),
    "return_on_margin": (
        "Return on margin",
        YEARLY,
        "P/L of the condor sleeve after fees per year of 365 days / average margin in use (wider wing x 100 x "
        "contracts) over all sessions.",
    ),
    "margin_use": ("Margin in use", FRACTION, "Mean of margin / equity over all sessions."),
    "condor_pnl": (
        "Condor P/L",
        USD,
        "Cash received less cash paid and fees of the condor sleeve, plus its mark at the end.",
    ),
    "fees": ("Fees", USD, "Commissions and exchange fees paid, both sleeves."),
    "slippage": (
        "Slippage",
        USD,
        "Value given up against mid on every fill, both sleeves: (mid - price) x multiplier x packages.",
    ),
    "interest": ("Interest", USD, "Interest accrued on cash."),
}

_HEDGE = {
    "hedge_pnl": (
        "Hedge P/L",
        USD,
        "Cash received less cash paid and fees of the hedge sleeve, plus its mark at the end.",
    ),
    "hedge_cost": (
        "Hedge cost",
        YEARLY,
        "Minus the hedge P/L per year of 365 days / mean equity; negative when the hedge earned money. Interval 95%: "
        "stationary block bootstrap of the hedge's session P/L / equity, mean block 21 sessions, 500 draws.",
    ),
    "hedge_cost_of_credit": (
        "Hedge cost / credit",
        FRACTION,
        "Minus the hedge P/L / all condor credits received (open condors included).",
    ),
    "hedge_tail_payoff": (
        "Hedge in the ten worst weeks",
        FRACTION,
        "Sum of hedge P/L in the ten worst ISO weeks of the unhedged twin (of the condor sleeve where there is no "
        "twin) / the loss of the condor sleeve in the same weeks.",
    ),
    "drawdown_cut": (
        "Drawdown cut",
        FRACTION,
        "Max drawdown of the unhedged twin's equity - max drawdown of the hedged equity, both as positive fractions"
        " of their peaks. Interval 95%: stationary block bootstrap of both return series together, mean block 21 "
        "sessions, 500 draws.",
    ),
    "drawdown_cut_per_cost": (
        "Drawdown cut per cost",
        RATIO,
        "Drawdown cut / hedge cost (fraction of equity per year). Interval 95% from the same bootstrap; absent "
        "when the hedge earned money, and without an interval when its cost is not positive in at least 97.5% of "
        "draws.",
    ),
    "hedge_irr": (
        "IRR of the hedge",
        YEARLY,
        "XIRR, act/365, of the hedge sleeve's own cash flows with its mark at the end; all roots in (-0.99, 10] or "
        "none.",
    ),
    "coverage": (
        "Coverage",
        FRACTION,
        "Mean over sessions with condors of the signed VX notional of the hedge / condor max loss.",
    ),
    "stress_down": (
        "Stress coverage, down",
        FRACTION,
        "Mean over sessions with condors of hedge gain / condor loss under the down-shock (SPX -8%, VX "
        "+20/+14/+10/+7).",
    ),
}


def _table() -> dict[str, Definition]:
    groups = (("Returns and risk", _RETURNS), ("Condors and costs", _TRADES), ("Hedge", _HEDGE))
    return {
        name: Definition(label=label, unit=unit, text=text, group=group)
        for group, rows in groups
        for name, (label, unit, text) in rows.items()
    }


DEFINITIONS: Mapping[str, Definition] = _table()
"""Every measure by name, in the order of the reports."""
