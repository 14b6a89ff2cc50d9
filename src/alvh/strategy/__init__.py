"""The words of a decision: Strategy, Facts, Verdict, Proposal, Decision, Memory."""
