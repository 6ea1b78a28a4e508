"""The crash suite: real workers, killed in mid-flight, and the count of what a network received of them."""
