"""Discord, by its HTTP API."""
