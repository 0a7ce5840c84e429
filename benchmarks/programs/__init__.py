"""An oracle of programs: what bnlint says of random programs, and what Keras does when they run.

:mod:`~benchmarks.programs.writing` writes programs, :mod:`~benchmarks.programs.running` runs them,
:mod:`~benchmarks.programs.truth` says what was true of each layer, and
:mod:`~benchmarks.programs.judging` compares that with the findings.
"""
