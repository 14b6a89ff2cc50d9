"""What the layers can buy today: listed contracts as lots, with what one counts, ties up, gains in the shock and costs.

The expected cost of a lot is what it loses up to its planned exit under an unchanged curve and its own unchanged
volatility, half-spreads on both ways included, per calendar day. A VIX call that ages rolls down the curve: at its exit
it is worth Black-76 on the VX price of that tenor today.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, timedelta

import msgspec
import numpy as np

from alvh.book.margin import future_requirement
from alvh.book.margin_parameters import MarginParameters
from alvh.book.positions import Leg
from alvh.core.arrays import F8
from alvh.market.chain import ExpirySlice
from alvh.market.contracts import Future, Option, Right
from alvh.market.products import product
from alvh.market.view import View, expiries_between
from alvh.method.layers.call_search import nearest_call
from alvh.method.layers.lots import LInstr, Lot
from alvh.pricing.option_kernel import OptionLook, look_at
from alvh.pricing.scenarios import DOWN, vx_shock

__all__ = ["Shop", "Window"]

ROOT = "VIX"
_STRIKES = (0.8, 4.0)
_YEAR = 365.0

Strike = Callable[[ExpirySlice], "float | None"]
"""Chooses a listed strike of an expiry."""


class Window(msgspec.Struct, frozen=True):
    """Expiries that may be bought, calendar days; the one nearest to `near` first."""

    low: int
    high: int
    near: int


class Shop:
    """The market of one session, as far as the layers buy there.

    Parameters
    ----------
    sell_dte : int, calendar days
        Options are planned to be sold so long before they expire.
    """

    def __init__(self, view: View, sell_dte: int, margin: MarginParameters) -> None:
        self._view = view
        self._sell = sell_dte
        self._margin = margin

    def by_delta(self, rule: str, window: Window, delta: float, width: float | None = None) -> Lot | str:
        """Offer the VIX call nearest to a delta, or its spread, or say why there is none."""

        def strike(quotes: ExpirySlice) -> float | None:
            found = nearest_call(quotes, delta, *_STRIKES)
            return None if found is None else found.strike

        return self.call(rule, window, strike, width)

    def near_forward(self, rule: str, window: Window, width: float) -> Lot | str:
        """Offer the call spread that starts at the listed strike nearest to the forward."""
        return self.call(rule, window, _at_forward, width, only_spreads=True)

    def call(
        self,
        rule: str,
        window: Window,
        choose: Strike,
        width: float | None = None,
        *,
        only_spreads: bool = False,
    ) -> Lot | str:
        """Offer a VIX call, or the spread with the call `width` points above it, of the nearest expiry that has one."""
        for expiry in self._expiries(window):
            quotes = self._view.slice(ROOT, expiry)
            strike = choose(quotes) if quotes is not None else None
            if quotes is None or strike is None:
                continue
            lot = self._call(rule, quotes, strike, width)
            if lot is None and width is not None and not only_spreads:
                # Nobody bids for the upper strike, so there is nothing to sell against the call.
                lot = self._call(rule, quotes, strike, None)
            if lot is not None:
                return lot
        return f"no VIX call {window.low} to {window.high} days out has the quotes it needs"

    def put_spread(self, rule: str, window: Window, width: float, *, sold: bool) -> Lot | str:
        """Offer the VIX put spread from the listed strike nearest to the forward downwards; it carries no notional."""
        for expiry in self._expiries(window):
            quotes = self._view.slice(ROOT, expiry)
            if quotes is None:
                continue
            upper = _at_forward(quotes)
            lower = None if upper is None else _listed(quotes.strikes, upper - width)
            if upper is None or lower is None or lower >= upper:
                continue
            lot = self._spread(rule, quotes, (upper, lower), Right.PUT, sign=-1 if sold else 1)
            if lot is not None:
                return lot
        return f"no VIX put spread up to {window.high} days out has quotes on both legs"

    def futures(self, rule: str, window: Window) -> tuple[Lot, ...] | str:
        """Offer VX, and VXM where it is listed, of the expiry nearest to the window's middle."""
        curve = self._view.curve
        days = []
        if curve is not None:
            ahead = zip(curve.days.tolist(), curve.expiries, strict=True)
            days = [(abs(dte - window.near), expiry) for dte, expiry in ahead if window.low <= dte <= window.high]
        if curve is None or not days:
            return f"no VX future {window.low} to {window.high} days out is known"
        expiry = min(days)[1]
        level = curve.forward(expiry)
        if level is None or level <= 0.0:
            return f"the VX future of {expiry} has no price"
        dte = (expiry - self._view.session).days
        held = max(dte - self._sell, 1)
        half = 0.5 * float(product("VX").ticks.tick(product("VX").package_tick))
        rate = float(future_requirement(Future("VX", expiry), level, self._view.session, self._margin))
        return LInstr.futures(
            self._view.session,
            expiry,
            level,
            rule,
            float(vx_shock(float(dte), DOWN)),
            rate / (level * product("VX").multiplier),
            (level - self._rolled(level) + 2.0 * half) / held,
        )

    def spx_put_spread(self, rule: str, window: Window, out: tuple[float, float], worth: float) -> Lot | str:
        """Offer the SPX put spread at two distances out of the money.

        Parameters
        ----------
        out : tuple of float
            Fractions of spot of the bought and of the sold put.
        worth : float
            USD of notional that a USD of gain in the down-shock stands for.
        """
        for root in ("SPX", "SPXW"):
            for expiry in self._expiries(window, root):
                quotes = self._view.slice(root, expiry)
                if quotes is None:
                    continue
                upper = _listed(quotes.strikes, quotes.forward * (1.0 - out[0]))
                lower = _listed(quotes.strikes, quotes.forward * (1.0 - out[1]))
                if upper is None or lower is None or lower >= upper:
                    continue
                lot = self._spread(rule, quotes, (upper, lower), Right.PUT, sign=1)
                if lot is not None and lot.stress > 0.0:
                    return msgspec.structs.replace(lot, notional=lot.stress * worth)
        return f"no SPX put spread {window.low} to {window.high} days out has quotes on both legs"

    def _expiries(self, window: Window, root: str = ROOT) -> list[date]:
        today = self._view.session
        first, last = today + timedelta(window.low), today + timedelta(window.high)
        listed = expiries_between(self._view, root, first, last)
        return sorted(listed, key=lambda expiry: (abs((expiry - today).days - window.near), expiry))

    def _call(self, rule: str, quotes: ExpirySlice, strike: float, width: float | None) -> Lot | None:
        if width is not None:
            upper = _listed(quotes.strikes, strike + width)
            if upper is None or upper <= strike:
                return None
            return self._spread(rule, quotes, (strike, upper), Right.CALL, sign=1)
        line = self._line(quotes, strike, is_put=False)
        if line is None:
            return None
        usd = product(ROOT).multiplier
        option = Option(ROOT, quotes.expiry, strike, Right.CALL)
        return Lot(
            rule=rule,
            legs=(Leg(instrument=option, ratio=1),),
            words=f"VIX {quotes.expiry} {strike:g} call",
            notional=usd * quotes.forward,
            capital=usd * line.ask,
            stress=usd * line.gain,
            daily=usd * (line.ask - line.later + 0.5 * (line.ask - line.bid)) / self._held(quotes),
        )

    def _spread(
        self, rule: str, quotes: ExpirySlice, strikes: tuple[float, float], right: Right, *, sign: int
    ) -> Lot | None:
        """Offer a vertical: the first strike bought, the second sold, or the other way round where `sign` is -1."""
        first = self._line(quotes, strikes[0], is_put=right is Right.PUT)
        second = self._line(quotes, strikes[1], is_put=right is Right.PUT)
        if first is None or second is None:
            return None
        usd, width = product(quotes.root).multiplier, abs(strikes[1] - strikes[0])
        debit = first.ask - second.bid if sign > 0 else second.ask - first.bid
        back = sign * (first.later - second.later)
        half = 0.5 * (first.ask - first.bid + second.ask - second.bid)
        legs = (
            Leg(instrument=Option(quotes.root, quotes.expiry, strikes[0], right), ratio=sign),
            Leg(instrument=Option(quotes.root, quotes.expiry, strikes[1], right), ratio=-sign),
        )
        counts = right is Right.CALL and quotes.root == ROOT
        return Lot(
            rule=rule,
            legs=legs,
            words=f"{quotes.root} {quotes.expiry} {strikes[0]:g}/{strikes[1]:g} {right.name.lower()} spread",
            notional=sign * usd * min(quotes.forward, width) if counts else 0.0,
            capital=usd * (debit if sign > 0 else max(width + debit, 0.0)),
            stress=usd * sign * (first.gain - second.gain),
            daily=usd * (debit - back + half) / self._held(quotes),
        )

    def _line(self, quotes: ExpirySlice, strike: float, *, is_put: bool) -> OptionLook | None:
        """Look at one option; None where it cannot be traded both ways or has no volatility."""
        on_vix = quotes.root == ROOT
        return look_at(
            quotes,
            strike,
            is_put=is_put,
            shock=DOWN,
            left=min(self._sell / _YEAR, quotes.tau),
            forward_later=self._rolled(quotes.forward) if on_vix else quotes.forward,
            on_vix=on_vix,
        )

    def _rolled(self, level: float) -> float:
        """Return the VX price of the tenor at which the exit is planned, on today's curve; `level` without a curve."""
        curve = self._view.curve
        found = None if curve is None else curve.forward(self._view.session + timedelta(days=self._sell))
        return found if found is not None and math.isfinite(found) else level

    def _held(self, quotes: ExpirySlice) -> int:
        return max((quotes.expiry - self._view.session).days - self._sell, 1)


def _at_forward(quotes: ExpirySlice) -> float | None:
    return _listed(quotes.strikes, quotes.forward)


def _listed(strikes: F8, wanted: float) -> float | None:
    """Return the listed strike nearest to a level, the lower one on a tie."""
    return float(strikes[np.argmin(np.abs(strikes - wanted))]) if strikes.size else None
