"""Mastodon, and what speaks its client API."""
