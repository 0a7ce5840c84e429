"""Programs rewritten so that they mean the same, for which the same must be found.

A tester that compares two answers needs no truth: see T. Y. Chen et al., "Metamorphic Testing: A
Review of Challenges and Opportunities", ACM Computing Surveys 51 (2018).
"""
