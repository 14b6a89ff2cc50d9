"""Scans of what could have been traded; later sweeps, ablations and claims (rulebook sections 8 and 9).

`condor_scan` finds every condor that could have been sold and what it would have earned.
"""
