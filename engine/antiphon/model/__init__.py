"""The nouns of Antiphon: frozen, without behaviour that reaches outside."""
