"""Policy: what the workspace allows, asked at the moment of sending. One file a rule; `policy.py` asks them all."""
