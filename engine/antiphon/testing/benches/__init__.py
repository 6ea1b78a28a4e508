"""The benches of the bundled connectors: the sandbox, held by each of its dialects to the contract."""
