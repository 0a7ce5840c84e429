"""A real editor: Emacs in batch mode, with the settings that the documentation shows."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from launching import PAGE, with_bnlint
from models import FUNCTIONAL

EMACS = shutil.which("emacs")

pytestmark = pytest.mark.skipif(EMACS is None, reason="emacs is not on the path")

HEAD = """
(require 'flymake)
(defun wait-until (is-so)
  (let ((left 300))
    (while (and (> left 0) (not (funcall is-so)))
      (accept-process-output nil 0.1)
      (setq left (1- left)))))
(defun tell (name)
  (dolist (each (flymake-diagnostics))
    (goto-char (flymake-diagnostic-beg each))
    (princ (format "%s: %s %s:%s %s\\n" name (flymake-diagnostic-type each)
                   (line-number-at-pos) (current-column) (flymake-diagnostic-text each)))))
(defun type-in-place-of (old new)
  (goto-char (point-min))
  (search-forward old)
  (replace-match new t t))
"""
FLYMAKE = """
(require 'python)
(find-file "net.py")
(flymake-mode 1)
(flymake-start)
(wait-until #'flymake-diagnostics)
(tell "opened")
(type-in-place-of "64" "64, use_bias=False")
(flymake-start)
(wait-until (lambda () (not (flymake-diagnostics))))
(princ (format "left: %s" (length (flymake-diagnostics))))
"""
EGLOT = """
(find-file "net.py")
(call-interactively #'eglot)
(wait-until #'eglot-managed-p)
(wait-until #'flymake-diagnostics)
(tell "opened")
(let ((actions (eglot-code-actions (line-beginning-position) (line-end-position))))
  (mapc (lambda (each) (princ (format "action: %s\\n" (plist-get each :title)))) actions))
(type-in-place-of "64" "64, use_bias=False")
(eglot--signal-textDocument/didChange)  ; Emacs does so when it is idle, which batch mode never is
(wait-until (lambda () (not (flymake-diagnostics))))
(princ (format "left: %s" (length (flymake-diagnostics))))
"""


def _snippets() -> list[str]:
    """The Lisp of the page, for Eglot and for Flymake."""
    return re.findall(r"```elisp\n(.*?)```", PAGE, re.DOTALL)


def _session(folder: Path, lisp: str) -> str:
    assert EMACS is not None
    (folder / "net.py").write_text(FUNCTIONAL)
    (folder / "session.el").write_text(lisp)
    # Without settings of a user, but with the packages of the system: Eglot may be one.
    done = subprocess.run(
        [EMACS, "--batch", "--no-init-file", "-l", "session.el"],
        cwd=folder, env=with_bnlint(folder), capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip
    if 'No such file or directory" "eglot"' in done.stderr:
        pytest.skip("this Emacs has no Eglot")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_flymake(tmp_path: Path) -> None:
    _, flymake = _snippets()
    opened, left = _session(tmp_path, HEAD + flymake + FLYMAKE).splitlines()
    assert opened.startswith("opened: :warning 4:4 BN201 the bias of Dense is redundant")
    assert left == "left: 0"


def test_eglot(tmp_path: Path) -> None:
    eglot, _ = _snippets()
    ready = "(package-initialize)\n(require 'eglot)\n"
    seen = _session(tmp_path, HEAD + eglot + ready + EGLOT).splitlines()
    assert seen[0].startswith("opened: eglot-warning 4:4 bnlint [BN201]: the bias of Dense is")
    assert "action: bnlint BN201: Set `use_bias=False`" in seen
    assert "action: bnlint: fix all that is safe to fix" in seen
    assert seen[-1] == "left: 0"
