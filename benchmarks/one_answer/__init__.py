"""Do the findings in a file depend on the other files that are named with it?"""
