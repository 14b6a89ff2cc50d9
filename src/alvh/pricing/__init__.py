"""Black-76, implied vol, Greeks, forwards, surfaces, the modelled chain and the VIX method."""
