"""Registers the GitHub App that app-manifest.json describes. Needs Python alone; README.md says when to run what.

    python register.py page https://pilotgate.acme.example acme > register.html
    python register.py keep CODE secrets

The first makes a page whose one button takes the manifest to GitHub, which then leads to an address that ends in
`?code=…`. Within an hour, the second changes that code into the app's key and webhook secret, kept in a folder.
"""

import json
import os
import sys
from html import escape
from pathlib import Path
from urllib.parse import quote
from urllib.request import Request, urlopen

MANIFEST = Path(__file__).with_name("app-manifest.json")
PLACEHOLDER = "https://pilotgate.example.com"


def page(public_url: str, organisation: str, github_url: str = "https://github.com") -> str:
    """A page that takes the manifest to GitHub, for an app of this organisation that is reached at this address."""
    manifest = MANIFEST.read_text(encoding="utf-8").replace(PLACEHOLDER, public_url.rstrip("/"))
    action = f"{github_url}/organizations/{quote(organisation, safe='')}/settings/apps/new"
    return (
        '<!doctype html><meta charset="utf-8"><title>Register Pilotgate</title>\n'
        f'<form action="{escape(action)}" method="post">\n'
        f'<input type="hidden" name="manifest" value="{escape(json.dumps(json.loads(manifest)))}">\n'
        f"<button>Register Pilotgate for {escape(organisation)}</button>\n</form>\n"
    )


def keep(code: str, folder: str, api_url: str = "https://api.github.com") -> str:
    """Change a code into the app's secrets, keep these in a folder for their owner alone, and say what is next."""
    files = [Path(folder) / name for name in ("private_key.pem", "webhook_secret")]
    for file in files:
        # Now, since a code can be used once.
        if file.exists():
            sys.exit(f"{file} is there already: name another folder")
    url = f"{api_url}/app-manifests/{quote(code, safe='')}/conversions"
    try:
        with urlopen(
            Request(url, method="POST", headers={"Accept": "application/vnd.github+json"}), timeout=15
        ) as answer:
            app = json.load(answer)
    except (OSError, ValueError) as error:
        sys.exit(f"GitHub did not take the code ({error}): it holds for an hour and once; press the button again")
    Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    for file, secret in zip(files, (app["pem"], app["webhook_secret"]), strict=True):
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            stream.write(secret)
    return f"PILOTGATE_APP_ID={app['id']}\n# now install it: {app['html_url']}\n"


if __name__ == "__main__":
    if len(sys.argv) < 4 or sys.argv[1] not in ("page", "keep"):
        sys.exit(__doc__)
    sys.stdout.write((page if sys.argv[1] == "page" else keep)(*sys.argv[2:]))
