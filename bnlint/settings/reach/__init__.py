"""How far a run reaches on the disk: what is opened, and where."""
