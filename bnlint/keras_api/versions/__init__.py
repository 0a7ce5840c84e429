"""Versions of Keras: one that code is for, and what is in one alone."""
