"""The cost and the quality of bnlint, measured on public packages."""
