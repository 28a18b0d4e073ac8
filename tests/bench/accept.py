"""Durable 202s a second: `pilotgate serve --no-worker` beside Probot's empty handler, which stores nothing.

32 connections for some seconds, GitHub's own example payloads of 8 and 25 KB with a valid signature and an id of
their own each. The servers take turns in every round, so that whatever else the machine does hits all of them; printed
are the medians, the 99th percentile of the last round and the ratio to Probot. Needs `wrk` and `npm` on the PATH;
`--rounds N --seconds N`.
"""

import argparse
import hashlib
import hmac
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.demo.served import free_port
from bot.store import open_store
from bot.store.deliveries import Deliveries
from tests.stores import address

SECRET = "a secret for the bench"
EXAMPLES = "@octokit/webhooks-examples"
CONNECTIONS = 32
_SCRIPT = """
local file = io.open("{body}", "rb")
wrk.method, wrk.body = "POST", file:read("*a")
file:close()
local sent = 0
function setup(thread) thread:set("id", tostring(thread)) end
function request()
  sent = sent + 1
  wrk.headers["X-GitHub-Delivery"] = "{run}-" .. sent
  return wrk.format(nil, "{path}")
end
wrk.headers["Content-Type"] = "application/json"
wrk.headers["X-GitHub-Event"] = "{event}"
wrk.headers["X-Hub-Signature-256"] = "sha256={signature}"
"""
_PROBOT = "export default (app) => { app.on(['push', 'pull_request'], async () => {}); };\n"


def examples(folder: Path) -> list[tuple[str, bytes]]:
    """Event and body of two of GitHub's own example payloads, of about 8 and 25 KB, as an installed app gets them."""
    subprocess.run(["npm", "install", "--silent", EXAMPLES], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    index = folder / "node_modules" / EXAMPLES / "api.github.com" / "index.json"
    known = {event["name"]: event["examples"] for event in json.loads(index.read_text(encoding="utf-8"))}
    opened = [one for one in known["pull_request"] if one["action"] == "opened"]
    chosen = [
        (
            name,
            min((json.dumps(one | {"installation": {"id": 7}}) for one in found), key=lambda one: abs(len(one) - size)),
        )
        for name, found, size in (("push", known["push"], 8_000), ("pull_request", opened, 25_000))
    ]
    return [(name, body.encode()) for name, body in chosen]


def private_key() -> str:
    """A new RSA key, as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    return key.private_bytes(*form).decode()


@contextmanager
def server(command: list[str], environment: dict[str, str], folder: Path, port: int) -> Iterator[None]:
    """A server process that answers on a port."""
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            command, env=os.environ | environment, cwd=folder, stdout=log, stderr=log, start_new_session=True
        )
        try:
            deadline = time.monotonic() + 60
            while True:
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                if process.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit(f"{command[0]} did not start: " + (folder / "server.log").read_text()[-2000:])
                time.sleep(0.1)
            yield
        finally:
            # To all of its session: npx does not pass the signal on.
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(30)


@contextmanager
def pilotgate(engine: str) -> Iterator[tuple[str, str]]:
    """Pilotgate on an engine: where it takes webhooks, and its database."""
    with tempfile.TemporaryDirectory() as name, address(engine, Path(name)) as database:
        port = free_port()
        environment = {
            "PILOTGATE_APP_ID": "1",
            "PILOTGATE_PRIVATE_KEY": private_key(),
            "PILOTGATE_WEBHOOK_SECRET": SECRET,
            "PILOTGATE_DATABASE_URL": database,
            "PILOTGATE_PORT": str(port),
            "PILOTGATE_LOG_LEVEL": "warning",
        }
        with server([sys.executable, "-m", "bot", "serve", "--no-worker"], environment, Path(name), port):
            yield f"http://127.0.0.1:{port}/webhook", database


@contextmanager
def probot() -> Iterator[tuple[str, str]]:
    """Probot with an empty handler."""
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        (folder / "package.json").write_text('{"type": "module", "private": true}')
        (folder / "app.js").write_text(_PROBOT)
        subprocess.run(["npm", "install", "--silent", "probot@14"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        environment = {
            "APP_ID": "1",
            "PRIVATE_KEY": private_key(),
            "WEBHOOK_SECRET": SECRET,
            "PORT": str(port),
            "LOG_LEVEL": "error",
            "NODE_ENV": "production",
        }
        with server(["npx", "probot", "run", "./app.js"], environment, folder, port):
            yield f"http://127.0.0.1:{port}/api/github/webhooks", ""


def hit(url: str, event: str, body: bytes, seconds: int) -> tuple[float, str, int]:
    """Requests a second that were answered 2xx, their 99th percentile, and how many were not."""
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    with tempfile.TemporaryDirectory() as name:
        file, script = Path(name) / "body", Path(name) / "script.lua"
        file.write_bytes(body)
        path = "/" + url.split("/", 3)[3]
        script.write_text(
            _SCRIPT.format(body=file, event=event, run=os.urandom(8).hex(), path=path, signature=signature)
        )
        options = ["-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "-s", str(script)]
        said = subprocess.run(["wrk", *options, url], capture_output=True, text=True, check=True).stdout
    rate = float(re.findall(r"Requests/sec:\s+([\d.]+)", said)[0])
    errors = re.findall(r"Non-2xx or 3xx responses: (\d+)", said)
    return rate, re.findall(r"99%\s+(\S+)", said)[0], int(errors[0]) if errors else 0


def stored(database: str) -> int:
    """How many deliveries a database holds."""
    store = open_store(database)
    try:
        return Deliveries(store).waiting()[0]
    finally:
        store.close()


def main() -> None:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5)
    options = parser.parse_args()
    lacking = [tool for tool in ("wrk", "npm") if shutil.which(tool) is None]
    if lacking:
        raise SystemExit(f"this bench needs {' and '.join(lacking)} on the PATH")
    with ExitStack() as stack:
        servers = {
            "probot": stack.enter_context(probot()),
            "sqlite": stack.enter_context(pilotgate("sqlite")),
            "postgresql": stack.enter_context(pilotgate("postgresql")),
        }
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for event, body in examples(folder):
            measure(servers, event, body, options.rounds, options.seconds)


def measure(servers: dict[str, tuple[str, str]], event: str, body: bytes, rounds: int, seconds: int) -> None:
    """All servers in turn, round after round."""
    rates: dict[str, list[float]] = {name: [] for name in servers}
    late: dict[str, str] = {}
    for name, (url, _) in servers.items():
        hit(url, event, body, 1)
        rates[name].clear()
    before = {name: stored(database) for name, (_, database) in servers.items() if database}
    answered = dict.fromkeys(before, 0.0)
    for _ in range(rounds):
        for name, (url, _) in servers.items():
            rate, late[name], errors = hit(url, event, body, seconds)
            rates[name].append(rate)
            answered[name] = answered.get(name, 0) + rate * seconds
            if errors:
                print(f"{name}: {errors} answers were not 2xx")
    base = statistics.median(rates["probot"])
    print(f"\n{event}, {len(body):,} bytes, {CONNECTIONS} connections, {rounds} rounds of {seconds} s")
    for name, found in rates.items():
        median = statistics.median(found)
        kept = ""
        if name in before:
            kept = f"  rows {stored(servers[name][1]) - before[name]:,} for about {answered[name]:,.0f} answers"
        print(
            f"  {name:<11} {median:>8,.0f} a second ({min(found):,.0f} to {max(found):,.0f})"
            f"  99 %: {late[name]:<9} {median / base:.2f} of Probot{kept}"
        )


if __name__ == "__main__":
    main()
