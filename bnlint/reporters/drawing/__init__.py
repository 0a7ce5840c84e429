"""Pictures of layer graphs: what is drawn, what is written on it, and where it stands.

``of_run.py`` gathers what a run linted, ``choice.py`` picks one picture of each model.
``picture.py`` turns a graph into boxes and arrows, ``labels.py`` words what a box says, and
``layout.py`` gives the boxes places. ``bnlint/reporters/`` writes the result: ``dot.py``,
``mermaid.py`` and ``svg.py``.
"""
