"""ALVH: SPX iron condors insured with layers of VIX instruments, as inspectable rules.

Research software, not investment advice.
"""

__version__ = "0.1.0"
