"""The Monday board: what posts came to, by network, what to do again, and what nobody could measure."""
