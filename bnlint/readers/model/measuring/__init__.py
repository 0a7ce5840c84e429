"""What the moving statistics of a live model are, beside those of data."""
