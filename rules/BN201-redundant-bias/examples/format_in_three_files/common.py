from generated_settings import FORMAT

AXIS = 1 if FORMAT == "channels_first" else -1
SHAPE = (5, 8, 8) if FORMAT == "channels_first" else (8, 8, 5)
