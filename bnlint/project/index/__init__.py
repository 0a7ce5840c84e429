"""What is known of a whole project: which files import, define, build and use what."""
