"""What a condor scan enters, when it leaves, and at what price."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from alvh.core.errors import UsageError

LEGS = ("long put", "short put", "short call", "long call")
"""Order of the four legs wherever legs stand in columns: by strike, ascending."""

IS_PUT = (True, True, False, False)
SIDE = (1.0, -1.0, -1.0, 1.0)
"""Positive bought at the entry, negative sold."""

Pricing = Literal["mid", "natural"] | float


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanParameters:
    """Choose condors by days to expiry and delta; the defaults are the usual 45/21-day condor of 16 and 5 delta.

    Attributes
    ----------
    exit_dte : int, calendar days
        A condor is closed on the day that lies so many days before expiry, and opened only on days before that one.
    max_dte : int, calendar days
        Farthest expiry entered.
    deltas : tuple of four floats
        Absolute target deltas of long put, short put, short call and long call.
    tolerance : float
        Widest miss of a target.
    least_delta : float
        No leg has a smaller absolute delta than this, whatever the tolerance.
    pricing : "mid", "natural" or float
        Fraction of the bid-ask width paid by each leg, counted from the near side: mid is 0.5, natural 1.

    Raises
    ------
    UsageError
        A number is out of its range.
    """

    exit_dte: int = 21
    max_dte: int = 45
    deltas: tuple[float, float, float, float] = (0.05, 0.16, 0.16, 0.05)
    tolerance: float = 0.04
    least_delta: float = 0.01
    pricing: Pricing = "mid"

    def __post_init__(self) -> None:
        if not 0 <= self.exit_dte < self.max_dte:
            raise UsageError(
                f"exit_dte is {self.exit_dte} and max_dte is {self.max_dte}; needed 0 <= exit_dte < max_dte",
                where="scan parameters",
            )
        if len(self.deltas) != 4 or not all(0.0 < delta < 1.0 for delta in self.deltas):
            raise UsageError(
                f"deltas are {self.deltas}; needed four absolute deltas between 0 and 1",
                where="scan parameters",
                fix=f"Give them as {', '.join(LEGS)}.",
            )
        if not 0.0 < self.tolerance < 1.0 or not 0.0 <= self.least_delta < 1.0:
            raise UsageError(
                f"tolerance is {self.tolerance} and least_delta {self.least_delta}; both lie between 0 and 1",
                where="scan parameters",
            )
        if self.pricing not in ("mid", "natural") and not (
            isinstance(self.pricing, float | int) and 0.5 <= self.pricing <= 1.0
        ):
            raise UsageError(
                f"pricing is {self.pricing!r}; needed mid, natural or a fraction of the width from 0.5 to 1",
                where="scan parameters",
            )

    @property
    def share(self) -> float:
        """Fraction of the bid-ask width paid from the near side, 0.5 to 1."""
        if self.pricing == "mid":
            return 0.5
        return 1.0 if self.pricing == "natural" else float(self.pricing)

    def bounds(self, leg: int) -> tuple[float, float]:
        """Return the smallest and the largest absolute delta a leg may have."""
        target = self.deltas[leg]
        return max(self.least_delta, target - self.tolerance), target + self.tolerance

    @property
    def reach(self) -> tuple[float, float]:
        """Smallest and largest absolute delta that any leg may have."""
        bounds = [self.bounds(leg) for leg in range(4)]
        return min(low for low, _ in bounds), max(high for _, high in bounds)
