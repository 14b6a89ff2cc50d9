"""Every rule class of the program, in the order of the rulebook."""

from __future__ import annotations

from alvh.method.condor.allocation import CAlloc
from alvh.method.condor.credit import CCredit
from alvh.method.condor.entry import CEntry, CSize
from alvh.method.condor.manage import CManage
from alvh.method.condor.shape import CCenter, CShape
from alvh.method.layers.base import LBase
from alvh.method.regimes.registry import REGIMES
from alvh.method.rule import Rule
from alvh.method.tested.mechanical import DMechanical

RULES: tuple[type[Rule], ...] = (
    *REGIMES,
    CEntry,
    CShape,
    CCenter,
    CCredit,
    CSize,
    CAlloc,
    CManage,
    LBase,
    DMechanical,
)
