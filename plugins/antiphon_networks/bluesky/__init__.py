"""Bluesky, and what else keeps its posts in repositories of the AT Protocol."""
