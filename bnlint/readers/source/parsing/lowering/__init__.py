"""LibCST's tree -> the lowered program: the reader's front end."""
