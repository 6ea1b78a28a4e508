"""The local web: webhooks come in, and what was done can be looked at."""
