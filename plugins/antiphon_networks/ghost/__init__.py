"""Ghost, by its Admin API."""
