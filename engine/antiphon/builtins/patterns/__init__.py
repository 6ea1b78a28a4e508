"""Triggers for what several events come to together, or for their absence."""
