"""Errors of modelled quotes against recorded ones, measured by docs/make_modelled_chain.py; see `errors`."""

from __future__ import annotations

__all__ = ["CREDIT", "VOL"]

# period, coefficients, quotes, median, 90th percentile and mean of the error, vol points
VOL = (
    ("2011", "cross-fitted", 591, 0.37, 1.23, -0.35),
    ("2011", "unseen year", 591, 0.37, 1.23, -0.35),
    ("2018", "cross-fitted", 508, 0.37, 0.95, 0.27),
    ("2018", "unseen year", 508, 0.37, 0.95, 0.27),
    ("2019", "cross-fitted", 55531, 0.35, 1.23, -0.10),
    ("2019", "unseen year", 55531, 0.34, 1.26, -0.16),
    ("2022-23", "cross-fitted", 20521, 0.44, 1.03, 0.19),
    ("2022-23", "unseen year", 20521, 0.50, 1.09, 0.28),
)
# period, coefficients, condors, bias put side, bias call side, median and 90th percentile of the condor, % of width
CREDIT = (
    ("2011", "cross-fitted", 36, -0.20, -1.19, 2.01, 3.99),
    ("2011", "unseen year", 36, -0.20, -1.19, 2.01, 3.99),
    ("2019", "cross-fitted", 1450, -0.37, 0.47, 1.18, 4.22),
    ("2019", "unseen year", 1450, -0.28, 0.63, 1.13, 3.99),
    ("2022-23", "cross-fitted", 346, 0.05, 0.04, 0.97, 1.97),
    ("2022-23", "unseen year", 346, 0.21, 0.21, 1.08, 2.34),
    ("all", "cross-fitted", 1832, -0.29, 0.36, 1.13, 3.80),
    ("all", "unseen year", 1832, -0.18, 0.51, 1.11, 3.64),
)
