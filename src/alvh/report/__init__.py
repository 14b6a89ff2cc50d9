"""What a person reads: the run folder and its page."""
