"""Words every room uses: errors that teach, thresholds with a birth certificate, arrays, digests, compilation."""
