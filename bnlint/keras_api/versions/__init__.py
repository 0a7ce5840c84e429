"""Versions of Keras: the version that code targets, and names of one version only."""
