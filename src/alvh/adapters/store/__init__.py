"""How chain days lie on disk: blocks to be mapped into memory, Parquet beside them, a manifest replaced last."""
