"""Files, stores and the history source: everything that touches a disk."""
