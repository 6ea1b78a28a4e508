"""Antiphon: call and response for a brand's social presence."""
