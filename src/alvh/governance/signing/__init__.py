"""G-SIGN: orders leave only with k of n signatures of named approvers over the exact order.

1. `order`: the proposal as the bytes that people sign, bound to its policy, proposer and lifetime.
2. `keys`: who may sign what, from when until when, and which keys are revoked.
3. `approval`: one person's ruling on one order, signed with Ed25519.
4. `quorum`: judge the rulings: granted, waiting for more, or refused, each with its reasons.
"""
