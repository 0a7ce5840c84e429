"""What a run may open on the disk, and where."""
