"""Every number the method uses, as one tree that the policy document fills."""

from __future__ import annotations

from dataclasses import dataclass

from alvh.book.margin_parameters import MarginParameters
from alvh.core.threshold import section
from alvh.execution.fees import FeeParameters
from alvh.execution.fills import FillParameters
from alvh.governance.parameters import GovernanceParameters
from alvh.method.condor.parameters import CondorParameters
from alvh.method.layers.parameters import LayerParameters
from alvh.method.regimes.parameters import RegimeParameters
from alvh.method.tested.parameters import TestedParameters
from alvh.signals.parameters import SignalParameters


@dataclass(frozen=True, slots=True, kw_only=True)
class AlvhParameters:
    """Root of the policy."""

    signals: SignalParameters = section("signals", SignalParameters)
    regimes: RegimeParameters = section("regimes", RegimeParameters)
    condor: CondorParameters = section("condor", CondorParameters)
    layers: LayerParameters = section("layers", LayerParameters)
    tested: TestedParameters = section("tested", TestedParameters)
    governance: GovernanceParameters = section("governance", GovernanceParameters)
    margin: MarginParameters = section("margin", MarginParameters)
    fills: FillParameters = section("fills", FillParameters)
    fees: FeeParameters = section("fees", FeeParameters)
