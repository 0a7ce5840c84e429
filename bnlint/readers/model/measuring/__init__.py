"""Compares the moving statistics of a live model with those of data."""
