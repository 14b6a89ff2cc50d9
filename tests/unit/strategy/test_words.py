from __future__ import annotations

import msgspec

from alvh.strategy.decision import Outcome, Verdict
from alvh.strategy.words import said


def test_a_sentence_kept_for_later_reads_like_one_written_at_once() -> None:
    words = said("{:,.0f} USD may be tied up by {} condors, {:.1%} of equity.", 18_400.4, 2, 0.0184)
    assert str(words) == "18,400 USD may be tied up by 2 condors, 1.8% of equity."
    assert words == "18,400 USD may be tied up by 2 condors, 1.8% of equity."
    assert words == said("{}", str(words))
    assert hash(words) == hash(str(words))


def test_a_verdict_reads_the_same_either_way_and_writes_the_same_json() -> None:
    encode = msgspec.json.Encoder(enc_hook=str).encode
    early = Verdict(rule="C-ENTRY", outcome=Outcome.QUIET, words="The budget is 2 USD.")
    late = Verdict(rule="C-ENTRY", outcome=Outcome.QUIET, words=said("The budget is {} USD.", 2))
    assert early == late
    assert early.sentence == late.sentence
    assert encode(early) == encode(late)
    assert b'"sentence":"The budget is 2 USD."' in encode(late)
