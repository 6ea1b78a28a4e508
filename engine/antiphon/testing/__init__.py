"""The kit for those who write plugins and workflows: a clock they move themselves, networks that are not real,
and the contract that every connector keeps."""
