"""ALVH itself: condor, layers, tested condor, and the one pure decision."""
