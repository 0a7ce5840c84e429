"""The language server: ``bnlint --lsp``, in the extra ``bnlint[lsp]``.

It has two processes. The editor starts the first, which speaks the protocol (``session.py`` and
its imports) and never reads code. Its child (``worker.py``) lints one document at a time, so that
no document can block or end the connection.
"""
