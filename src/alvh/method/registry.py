"""Every rule class of the program, in the order of the rulebook."""

from __future__ import annotations

from alvh.method.condor.allocation import CAlloc
from alvh.method.condor.credit import CCredit
from alvh.method.condor.entry import CEntry, CSize
from alvh.method.condor.manage import CManage
from alvh.method.condor.shape import CCenter, CShape
from alvh.method.governed import GAmend, GCheck, GComposite, GIrr, GMultisig, GSign, GTiming, GVotes
from alvh.method.layers.amm import LAmm
from alvh.method.layers.base import LBase
from alvh.method.layers.budget import LBudget
from alvh.method.layers.call_spread import LCallSpread
from alvh.method.layers.cap import LCap
from alvh.method.layers.deltas import LDeltas
from alvh.method.layers.expand import LExpand
from alvh.method.layers.fomc import LFomc
from alvh.method.layers.ladder import LLadder
from alvh.method.layers.lots import LInstr
from alvh.method.layers.promoter import LPromoter
from alvh.method.layers.protect import LProtect
from alvh.method.layers.recal import LRecal
from alvh.method.layers.steward import LSteward
from alvh.method.layers.strong import LStrong
from alvh.method.layers.tenor import LTenor
from alvh.method.regimes.registry import REGIMES
from alvh.method.rule import Rule
from alvh.method.tested.activate import DActivate
from alvh.method.tested.classify import DClassify
from alvh.method.tested.close import DClose
from alvh.method.tested.cpi import DCpi
from alvh.method.tested.drift import DDdm
from alvh.method.tested.mechanical import DMechanical
from alvh.method.tested.order import DOrder
from alvh.method.tested.puts import DPuts
from alvh.method.tested.roll import DRoll
from alvh.method.tested.shift import DShift

RULES: tuple[type[Rule], ...] = (
    *REGIMES,
    CEntry,
    CShape,
    CCenter,
    CCredit,
    CSize,
    CAlloc,
    CManage,
    LInstr,
    LLadder,
    LBase,
    LExpand,
    LProtect,
    LCap,
    LSteward,
    LPromoter,
    LDeltas,
    LTenor,
    LFomc,
    LRecal,
    LStrong,
    LBudget,
    LCallSpread,
    LAmm,
    DMechanical,
    DClassify,
    DClose,
    DCpi,
    DRoll,
    DActivate,
    DShift,
    DDdm,
    DPuts,
    DOrder,
    GVotes,
    GMultisig,
    GComposite,
    GCheck,
    GIrr,
    GAmend,
    GSign,
    GTiming,
)
