"""D-MECHANICAL: the floor under every tested condor."""

from __future__ import annotations

from alvh.core.arrays import B1, F8
from alvh.method.rule import Rule
from alvh.method.tested.parameters import MechanicalParameters


class DMechanical(Rule):
    """Close the whole condor at a test ratio of 80 %.

    A side is *tested* when the snapshot is at or beyond its short strike. The test ratio is the share of the way from
    the short to the long strike that spot has gone: (S - short) / (long - short) for calls, mirrored for puts. At
    the threshold the whole condor is closed, both sides, as one package. Until the rest of section 5 is in, this is
    the only rule that acts on a tested condor; below the threshold it is held.
    """

    id = "D-MECHANICAL"
    title = "Mechanical close of a tested condor"
    seeds = ("004",)
    section = "tested"

    def __init__(self, parameters: MechanicalParameters) -> None:
        self._ratio = parameters.ratio.value

    @property
    def ratio(self) -> float:
        """Test ratio at which the condor is closed."""
        return self._ratio

    def screen(self, ratios: F8) -> B1:
        """Say of which condors the larger test ratio has reached the threshold."""
        fires: B1 = ratios >= self._ratio
        return fires

    @staticmethod
    def reason(spot: float, ratio: float) -> str:
        """Say in words how far a condor is tested."""
        return f"tested: spot {spot:,.2f} has gone {ratio:.0%} of the tested wing"
