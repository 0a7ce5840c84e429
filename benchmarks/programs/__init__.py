"""Compares the findings in random programs with the behaviour of Keras when they run.

:mod:`~benchmarks.programs.writing` writes programs, :mod:`~benchmarks.programs.running` runs them,
:mod:`~benchmarks.programs.truth` decides which rules hold for each layer, and
:mod:`~benchmarks.programs.judging` compares that with the findings.
"""
