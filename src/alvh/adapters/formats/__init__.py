"""File formats, recognised by their headers: one module per family, ``chain_*`` for quotes, ``series_*`` for series."""
