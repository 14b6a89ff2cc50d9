"""Figures of the page, as plain specifications; plotly itself is never imported."""
