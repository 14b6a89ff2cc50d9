"""The private credit facility behind L-ENGINE: limit, drawn balance, accrued interest, commitment fee, covenants.

1. Each calendar day the drawn balance accrues interest at the facility's rate and the undrawn limit a commitment fee,
   both simple act/365, and both are owed until they are paid.
2. A draw needs room under the limit and every covenant kept; one that lacks either is refused with its sentence.
3. Cash that comes in repays in the order of the waterfall: fees, interest, principal.
4. What is owed is a debt: equity = cash + marks - owed.

Money is Decimal, in whole cents. Accrued amounts are kept to the millionth of a cent, so that a day's rounding never
becomes money, and are paid in whole cents, rounded up: a debt is never paid short.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal

import msgspec

from alvh.core.errors import InvariantError

_CENT = Decimal("0.01")
_FINE = Decimal("0.00000001")
_YEAR = 365
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityTerms:
    """What the lender agreed to.

    Attributes
    ----------
    limit : Decimal, USD
    spread : Decimal
        Added to the one-month bill rate, per year.
    commitment : Decimal
        Per year on what is not drawn.
    most_of_equity : Decimal
        Covenant: drawn balance at most this fraction of equity.
    least_quick : float
        Covenant: the portfolio's quick ratio at least this.
    """

    limit: Decimal
    spread: Decimal
    commitment: Decimal
    most_of_equity: Decimal
    least_quick: float


class Repayment(msgspec.Struct, frozen=True, kw_only=True):
    """One pass through the waterfall, USD, in the order paid."""

    fees: Decimal
    interest: Decimal
    principal: Decimal

    @property
    def total(self) -> Decimal:
        """Cash that leaves the account."""
        return self.fees + self.interest + self.principal


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility:
    """What is owed, USD."""

    drawn: Decimal = _ZERO
    interest: Decimal = _ZERO
    fees: Decimal = _ZERO

    @property
    def owed(self) -> Decimal:
        """Everything that stands between assets and equity."""
        return self.drawn + self.interest + self.fees

    def accrued(self, terms: FacilityTerms, *, bill_rate: Decimal, days: int) -> Facility:
        """Let time pass.

        Parameters
        ----------
        bill_rate : Decimal
            Per year, simple.
        days : int
            Calendar days, not negative.
        """
        if days < 0:
            raise InvariantError(f"{days} days of interest were asked for; time does not run backwards")
        rate = max(bill_rate, _ZERO) + terms.spread
        undrawn = max(terms.limit - self.drawn, _ZERO)
        return replace(
            self,
            interest=self.interest + (self.drawn * rate * days / _YEAR).quantize(_FINE),
            fees=self.fees + (undrawn * terms.commitment * days / _YEAR).quantize(_FINE),
        )

    def room(self, terms: FacilityTerms) -> Decimal:
        """Return what may still be drawn under the limit, whole cents."""
        return max(terms.limit - self.drawn, _ZERO).quantize(_CENT)

    def breaches(self, terms: FacilityTerms, *, equity: Decimal, quick: float | None) -> tuple[str, ...]:
        """Name the covenants that do not hold.

        Parameters
        ----------
        equity : Decimal, USD
            After what is owed.
        quick : float or None
            Portfolio quick ratio; None where it cannot be said, which breaks the covenant.
        """
        said: list[str] = []
        most = terms.most_of_equity * max(equity, _ZERO)
        if self.drawn > most:
            said.append(f"drawn {self.drawn:,.2f} USD exceeds {terms.most_of_equity:.0%} of equity, {most:,.2f} USD")
        if self.drawn > terms.limit:
            said.append(f"drawn {self.drawn:,.2f} USD exceeds the limit of {terms.limit:,.2f} USD")
        if quick is None:
            said.append("the quick ratio cannot be said")
        elif quick < terms.least_quick:
            said.append(f"the quick ratio of {quick:.2f} is below {terms.least_quick:g}")
        return tuple(said)

    def draw(
        self, amount: Decimal, terms: FacilityTerms, *, equity: Decimal, quick: float | None
    ) -> Facility | tuple[str, ...]:
        """Draw, or say why not.

        Parameters
        ----------
        amount : Decimal, USD
            Positive, whole cents.

        Returns
        -------
        Facility or tuple of str
            The facility after the draw, or every reason against it.
        """
        if amount <= 0 or amount != amount.quantize(_CENT):
            raise InvariantError(f"a draw of {amount} USD is not a positive number of cents")
        after = replace(self, drawn=self.drawn + amount)
        refused = after.breaches(terms, equity=equity, quick=quick)
        return refused or after

    def repaid(self, cash: Decimal) -> tuple[Facility, Repayment]:
        """Pay down with at most `cash`: fees, then interest, then principal."""
        left = max(cash, _ZERO).quantize(_CENT)
        fees, left = _pay(self.fees, left)
        interest, left = _pay(self.interest, left)
        principal, _ = _pay(self.drawn, left)
        after = Facility(
            drawn=max(self.drawn - principal, _ZERO),
            interest=max(self.interest - interest, _ZERO),
            fees=max(self.fees - fees, _ZERO),
        )
        return after, Repayment(fees=fees, interest=interest, principal=principal)


def _pay(owed: Decimal, cash: Decimal) -> tuple[Decimal, Decimal]:
    paid = min(owed.quantize(_CENT, rounding=ROUND_CEILING), cash)
    return paid, cash - paid
