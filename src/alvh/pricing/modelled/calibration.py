"""Every constant of the modelled chain with where it comes from.

The constants are the product's; the market data they were fitted to are not in the repository. Where a fit was made
on daily closes, `Regression` keeps its sample and its error so that a report can say how good the stand-in is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import F8, frozen


def _table(rows: list[list[float]]) -> F8:
    values = np.array(rows, dtype=np.float64)
    frozen(values)
    return values


@dataclass(frozen=True, slots=True, kw_only=True)
class Regression:
    """A log-linear map between volatility indices, ``ln y = c0 + c1 ln x1 + c2 ln x2 + ...``.

    Attributes
    ----------
    coefficients : tuple of float
        Intercept first.
    rms : float
        Standard deviation of the residual of ln y.
    p90 : float
        90th percentile of its absolute value.
    days : int
        Daily closes used.
    sample : str
        First and last year of the sample.
    """

    coefficients: tuple[float, ...]
    rms: float
    p90: float
    days: int
    sample: str


# Calendar days of the variance nodes: VIX9D, VIX, VIX3M, VIX6M.
NODE_DAYS = (9.0, 30.0, 93.0, 184.0)
NODE_NAMES = ("VIX9D", "VIX", "VIX3M", "VIX6M")

# Forward variance between nodes is at least this share of the average variance before them.
FORWARD_VARIANCE_FLOOR = 0.10

# Variance clock: one trading day is 1, half of it overnight; a weekend day or holiday is a twentieth.
WEEKEND_WEIGHT = 0.05
OVERNIGHT_WEIGHT = 0.5

# Normalised SVI. Rows: ln b, atanh rho, m, ln s. Columns: constant, ln(T_d / 30), t, u, where t is ln(VIX3M / VIX) and
# u is ln(VIX6M / VIX3M), each clipped and in tenths, less 1 and less a half. The second slope is what carries over to
# periods a fit has not seen; VIX, VVIX, VIX9D / VIX and SKEW in its place did not.
# Fit by docs/fit_modelled_shape.py to 77 snapshot days of SPX chains of 2011, 2018, 2019 and 2022-23 (VIX 9.1 to 27.8).
SHAPE = _table(
    [
        [0.4176, -0.1293, 0.2669, -0.1740],
        [0.5492, -0.1300, 0.0346, 0.0063],
        [2.0898, -0.4194, -0.2080, 0.1439],
        [0.4693, -0.1619, -0.0783, 0.2241],
    ]
)
SHAPE_DAYS = (5.0, 250.0)
SHAPE_SLOPE = (-0.10, 0.25)
SHAPE_LONG_SLOPE = (-0.05, 0.17)
# The two slopes move together: on every recorded day ln(VIX6M / VIX3M) lies within 0.043 of this line in
# ln(VIX3M / VIX). Beyond (one session in eight since 2006, the farthest in August to October 2020) it counts as the
# edge of the band, for a steep front with a flat back would leave calls hardly any price.
SHAPE_SLOPE_LINE = (0.0076, 0.6183, 0.043)
VIX_VALIDATED = 28.0
"""Highest VIX among the recorded chains the shape was compared with; above it quotes are extrapolated."""
INVERSION_VALIDATED = 0.92
"""Lowest VIX3M / VIX among them."""

# Bid-ask half-spread, pooled fit of 2018, 2019 and 2022-23:
# c, alpha ln(mid'), beta ln(T/30d), gamma ln(VIX/16), delta |Delta|, kappa for calls; floor in points.
SPREAD = (-2.788, 0.367, 0.062, 0.089, 0.266, 0.089)
SPREAD_FORWARD = 2900.0
SPREAD_FLOOR = 0.025

# VIX options: two lognormals, fit to one day (2016-06-01, VVIX 78.93, 177 quotes); a shape prior, not a validation.
MIXTURE_WEIGHT = 0.731
MIXTURE_SHIFT = 0.400
MIXTURE_SCALE = 0.534
VOL_OF_VIX_DECAY = 1.55
VIX_HALF_SPREAD = 0.05

# Stand-ins for missing volatility indices, keyed by (missing, known beside VIX). Regressors: VIX, then the known one;
# where nothing else is known, the geometric mean of VIX over the last SLOW_SESSIONS sessions, so that a spike does not
# lift the long end with it.
SLOW_SESSIONS = 63
NODE_FITS: dict[tuple[str, str], Regression] = {
    ("VIX9D", ""): Regression(
        coefficients=(-0.2036, 1.2916, -0.2397), rms=0.0810, p90=0.130, days=3521, sample="2011-2024"
    ),
    ("VIX9D", "VIX3M"): Regression(
        coefficients=(0.0881, 1.8674, -0.8822), rms=0.0747, p90=0.118, days=3521, sample="2011-2024"
    ),
    ("VIX3M", ""): Regression(
        coefficients=(0.3754, 0.6815, 0.2270), rms=0.0444, p90=0.073, days=3521, sample="2011-2024"
    ),
    ("VIX3M", "VIX6M"): Regression(
        coefficients=(-0.1242, 0.3494, 0.6878), rms=0.0184, p90=0.029, days=3521, sample="2011-2024"
    ),
    ("VIX6M", ""): Regression(
        coefficients=(0.7275, 0.4836, 0.3289), rms=0.0588, p90=0.095, days=3521, sample="2011-2024"
    ),
    ("VIX6M", "VIX3M"): Regression(
        coefficients=(0.2639, -0.3934, 1.3156), rms=0.0255, p90=0.040, days=3521, sample="2011-2024"
    ),
}
VVIX_FIT = Regression(coefficients=(3.6078, 0.3316), rms=0.1203, p90=0.194, days=3521, sample="2011-2024")

# Constant-maturity VX futures of 30, 60 .. 180 days from index levels. Rows: tenor. Columns: 1, ln VIX, ln of the slow
# mean of VIX, ln VIX3M, ln VIX6M, rms of ln VX.
VX_TENORS = (30.0, 60.0, 90.0, 120.0, 150.0, 180.0)
VX_FROM_VIX = _table(
    [
        [0.3316, 0.6078, 0.3028, 0.0, 0.0, 0.0491],
        [0.5497, 0.4350, 0.4140, 0.0, 0.0, 0.0667],
        [0.7400, 0.3382, 0.4532, 0.0, 0.0, 0.0754],
        [0.8916, 0.2769, 0.4679, 0.0, 0.0, 0.0826],
        [1.0187, 0.2318, 0.4737, 0.0, 0.0, 0.0889],
        [1.1298, 0.2027, 0.4684, 0.0, 0.0, 0.0945],
    ]
)
VX_FROM_VIX3M = _table(
    [
        [-0.0199, -0.0742, 0.0, 1.0671, 0.0, 0.0289],
        [0.0492, -0.4748, 0.0, 1.4447, 0.0, 0.0419],
        [0.2063, -0.6388, 0.0, 1.5592, 0.0, 0.0540],
        [0.3526, -0.7194, 0.0, 1.5945, 0.0, 0.0638],
        [0.4876, -0.7617, 0.0, 1.5954, 0.0, 0.0721],
        [0.6166, -0.7811, 0.0, 1.5756, 0.0, 0.0784],
    ]
)
VX_FROM_VIX6M = _table(
    [
        [-0.1930, 0.2915, 0.0, 0.0, 0.7553, 0.0333],
        [-0.2079, -0.0245, 0.0, 0.0, 1.0716, 0.0378],
        [-0.1034, -0.1802, 0.0, 0.0, 1.1925, 0.0388],
        [0.0073, -0.2737, 0.0, 0.0, 1.2505, 0.0421],
        [0.1159, -0.3369, 0.0, 0.0, 1.2795, 0.0474],
        [0.2275, -0.3747, 0.0, 0.0, 1.2829, 0.0525],
    ]
)
VX_FROM_BOTH = _table(
    [
        [-0.0851, 0.0364, 0.0, 0.7000, 0.2756, 0.0279],
        [-0.1607, -0.1190, 0.0, 0.2636, 0.8865, 0.0343],
        [-0.1456, -0.0423, 0.0, -0.4210, 1.4862, 0.0359],
        [-0.1039, 0.0544, 0.0, -0.9743, 1.9279, 0.0366],
        [-0.0418, 0.1359, 0.0, -1.3841, 2.2361, 0.0390],
        [0.0421, 0.1928, 0.0, -1.6573, 2.4263, 0.0427],
    ]
)
VX_SAMPLE = "2005-12 to 2022-08, 4022 days (VIX and its slow mean), 3131 (with VIX3M), 3545 (with VIX6M)"
