from .model import classifier
