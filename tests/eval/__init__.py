"""`make eval`: how well texts are understood, measured on corpora whose texts stay outside."""
