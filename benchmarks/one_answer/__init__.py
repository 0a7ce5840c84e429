"""Does what is said of a file depend on which other files are named with it?"""
