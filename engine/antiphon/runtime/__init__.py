"""Running programs: which events start which runs, what each run does, and what becomes of its effects."""
