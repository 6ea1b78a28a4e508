"""Slack, by its Web API."""
