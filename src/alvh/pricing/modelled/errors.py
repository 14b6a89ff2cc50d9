"""How far modelled quotes are from recorded ones: what a report on a modelled chain cites.

The numbers stand in `error_table`, written by docs/make_modelled_chain.py from every recorded SPX day. "Cross-fitted"
means coefficients that have not seen the day's month, "unseen year" that they have not seen its year. The second is
what a year without recorded chains should expect.
"""

from __future__ import annotations

from dataclasses import dataclass

from alvh.pricing.modelled.calibration import VIX_VALIDATED
from alvh.pricing.modelled.error_table import CREDIT, VOL

__all__ = ["CREDIT_SENSITIVITY", "PROVENANCE", "CreditError", "VolError", "cite", "credit_errors", "vol_errors"]

CREDIT_SENSITIVITY = 0.01
"""Fraction of the wider width by which a condor's credit is to be moved, both ways, to see what a result stands on."""

PROVENANCE = (
    "docs/make_modelled_chain.py on the recorded SPX and SPXW chains of January 2011, January 2018, April to June 2019 "
    "and February 2022 to September 2023 (77 sessions, VIX 9 to 28), closing index levels as input"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class VolError:
    """Errors of implied volatility, 5-30 delta, 7-90 days, vol points, modelled less recorded.

    Attributes
    ----------
    period : str
        Years of the quotes.
    coefficients : str
        "cross-fitted" or "unseen year".
    """

    period: str
    coefficients: str
    quotes: int
    median: float
    p90: float
    bias: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditError:
    """Errors of condor credits, 30-45 days, short strikes about one expected move out; % of the wider width.

    Attributes
    ----------
    period : str
        Years of the condors, or "all".
    coefficients : str
        "cross-fitted" or "unseen year".
    put_bias, call_bias : float
        Mean error of each vertical.
    median, p90 : float
        Of the condor's absolute error.
    """

    period: str
    coefficients: str
    condors: int
    put_bias: float
    call_bias: float
    median: float
    p90: float

    @property
    def bias(self) -> float:
        """Mean error of the condor, % of width."""
        return self.put_bias + self.call_bias


def vol_errors() -> tuple[VolError, ...]:
    """Return volatility errors by period and choice of coefficients."""
    names = ("period", "coefficients", "quotes", "median", "p90", "bias")
    return tuple(VolError(**dict(zip(names, row, strict=True))) for row in VOL)  # type: ignore[arg-type] # mixed row


def credit_errors() -> tuple[CreditError, ...]:
    """Return credit errors by period and choice of coefficients; the period "all" pools them."""
    names = ("period", "coefficients", "condors", "put_bias", "call_bias", "median", "p90")
    return tuple(CreditError(**dict(zip(names, row, strict=True))) for row in CREDIT)  # type: ignore[arg-type] # mixed


def cite() -> str:
    """Say in one sentence how good modelled quotes are."""
    new = [error.median for error in vol_errors() if error.coefficients == "unseen year"]
    credit = next(error for error in credit_errors() if (error.period, error.coefficients) == ("all", "unseen year"))
    return (
        f"Modelled SPX quotes of 5-30 delta and 7-90 days stood {min(new):.1f} to {max(new):.1f} vol points (medians) "
        f"from recorded ones of years the fit had not seen, condor credits {credit.median:.1f} % of width (median; "
        f"90 % within {credit.p90:.1f} %, bias {credit.bias:+.1f} %); above VIX {VIX_VALIDATED:g} nothing was recorded."
    )
