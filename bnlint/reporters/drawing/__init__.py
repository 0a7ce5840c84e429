"""Pictures of layer graphs: what to draw, the labels, and the layout.

``of_run.py`` collects the models of a run, ``choice.py`` picks one picture of each model.
``picture.py`` turns a graph into boxes and arrows, ``labels.py`` writes the text of a box, and
``layout.py`` computes the positions. ``bnlint/reporters/`` writes the result: ``dot.py``,
``mermaid.py`` and ``svg.py``.
"""
