"""The benchmark: figures as ratios against a bare loop over the same data in the same process."""
