"""The language server: ``bnlint --lsp``, in the extra ``bnlint[lsp]``.

Two processes. The one that the editor starts speaks the protocol (``session.py`` and what it
imports) and never reads code. Its child (``worker.py``) lints, one document at a time, so that
nothing a document contains can hold up or end the conversation.
"""
