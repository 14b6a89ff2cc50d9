"""The index a market's own option quotes give by Cboe's formula."""

from __future__ import annotations

import numpy as np

from alvh.market.chain import QuoteStatus
from alvh.market.sessions import NEW_YORK
from alvh.pricing.modelled import cboe_pair
from alvh.pricing.vix_method import MINUTES_30_DAYS, NoTerm, TermVariance, minutes_to_settlement, term_variance, vix


def recomputed_vix(view, *, ticks: bool, target: float = MINUTES_30_DAYS) -> float:
    terms = []
    wall = view.asof.astimezone(NEW_YORK)
    for root, expiry in cboe_pair(view.session):
        quotes = view.slice(root, expiry)
        strikes = quotes.strikes
        sides = []
        for put in (False, True):
            is_put = np.full(strikes.size, put)
            if ticks:
                found = quotes.quote(strikes, is_put)
                usable = found.status != QuoteStatus.ABSENT
                sides += [np.where(usable, found.bid, 0.0), np.where(usable, found.ask, 0.0)]
            else:
                price = quotes.discount * quotes.exact(strikes, is_put)
                sides += [price, price]
        minutes = minutes_to_settlement(wall, expiry, am_settled=root == "SPX")
        rate = -np.log(quotes.discount) / quotes.tau
        term = term_variance(strikes, *sides, minutes=minutes, rate=rate)
        assert not isinstance(term, NoTerm), term
        assert isinstance(term, TermVariance)
        terms.append(term)
    found = vix(*terms, target_minutes=target)
    assert found is not None
    return found
