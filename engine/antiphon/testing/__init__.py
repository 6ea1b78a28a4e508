"""The kit for those who write plugins and workflows: a clock they move themselves, and a network that is not real."""
