"""The version of the code, part of a run's identity."""

VERSION = "0.1.0"
