"""What lingzheng writes, read by tools that were not written here.

python3 tests/conformance.py LINGZHENG

needs: pip install feedparser icalendar standardwebhooks jsonschema
Prints one line for each format and ends with 0 where all of them are read; 77 where a tool is
missing. Nothing leaves this machine.
"""

import http.server
import json
import os
import subprocess
import sys
import tempfile
import threading
from importlib.metadata import version

try:
    import feedparser
    import icalendar
    import jsonschema
    import referencing
    import standardwebhooks
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

PROGRAM = os.path.abspath(sys.argv[1])
FIXTURES = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "fixtures")
OFFICES = ["gx", "gd", "he", "nm"]
ROUNDS = {1: "2026-12-09", 2: "2026-12-10", 3: "2026-12-14", 5: "2026-12-16"}
NOW = "2026-12-17T09:00:00+08:00"


def lingzheng(*args, code=(0,)):
    done = subprocess.run([PROGRAM, *args], capture_output=True, text=True, timeout=120)
    assert done.returncode in code, (args, done.returncode, done.stdout, done.stderr)
    return done.stdout


def crawl(*args):
    """The demo's recordings, round by round."""
    for number, day in ROUNDS.items():
        now = f"{day}T09:00:00+08:00"
        lingzheng("--now", now, "crawl", "--recorded", FIXTURES, "--round", str(number),
                  *args, *OFFICES, code=(0, 1))


def feeds():
    text = lingzheng("--now", NOW, "export", "atom")
    read = feedparser.parse(text)
    assert not read.bozo, read.bozo_exception
    ids = [entry.id for entry in read.entries]
    assert len(ids) == len(set(ids)) > 0
    for entry in read.entries:
        assert entry.title and entry.updated_parsed and entry.link.startswith("http"), entry
        assert "<script" not in entry.content[0].value
    document = json.loads(lingzheng("--now", NOW, "export", "jsonfeed"))
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert [item["id"] for item in document["items"]] == ids
    return f"feedparser {feedparser.__version__} reads {len(ids)} entries, JSON Feed has the same"


def calendar():
    text = lingzheng("--now", NOW, "export", "ics").encode()
    assert all(len(line) <= 75 for line in text.replace(b"\r\n", b"\n").split(b"\n"))
    text = text if b"\r\n" in text else text.replace(b"\n", b"\r\n")
    read = icalendar.Calendar.from_ical(text)
    events = list(read.walk("VEVENT"))
    uids = [str(event["UID"]) for event in events]
    assert len(uids) == len(set(uids)) > 0
    alarms = 0
    for event in events:
        assert not event.errors, event.errors
        assert event["DTSTART"].dt < event["DTEND"].dt and int(event["SEQUENCE"]) >= 0
        alarms += len(list(event.walk("VALARM")))
    assert alarms > 0
    return f"icalendar {icalendar.__version__} reads {len(uids)} events with {alarms} alarms"


def schemas():
    names = {name: json.loads(lingzheng("schema", name)) for name in ("event", "facts")}
    registry = referencing.Registry()
    for schema in names.values():
        jsonschema.Draft202012Validator.check_schema(schema)
        resource = referencing.Resource.from_contents(schema)
        registry = registry.with_resource(schema["$id"], resource)
    check = jsonschema.Draft202012Validator(names["event"], registry=registry)
    lines = lingzheng("--format", "jsonl", "changes", "--all", "--limit", "1000").splitlines()
    events = [json.loads(line) for line in lines]
    facts = 0
    for event in events:
        check.validate(event)
        facts += event["data"].get("facts") is not None
    assert events and facts
    broken = dict(events[0], id=5)
    assert not check.is_valid(broken), "a schema that refuses nothing shows nothing"
    return f"jsonschema {version('jsonschema')} takes {len(events)} events, {facts} with facts"


def webhooks(settings):
    secret, old = (lingzheng("notify", "secret").strip() for _ in range(2))
    came, wrong = [], []

    class Hook(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {key.lower(): value for key, value in self.headers.items()}
            try:
                for key in (secret, old):
                    event = standardwebhooks.Webhook(key).verify(body, headers)
                came.append(event["id"])
                assert event["id"] == headers["webhook-id"]
                try:
                    standardwebhooks.Webhook(secret).verify(body + b" ", headers)
                    wrong.append("a changed body passes")
                except standardwebhooks.WebhookVerificationError:
                    pass
            except Exception as problem:
                wrong.append(repr(problem))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_port
    with open(settings, "w") as file:
        file.write(f"""[contact]
address = "me@example.org"
[net]
allow = ["127.0.0.1:{port}"]
[watch]
exams = []
[[sink]]
name = "hook"
kind = "webhook"
url = "http://127.0.0.1:{port}/hook"
secret = "{secret}"
old_secret = "{old}"
""")
    os.chmod(settings, 0o600)
    crawl("--no-deliver")
    # The library takes no signature that is older than five minutes: now is now.
    lingzheng("deliver")
    assert not wrong, wrong
    assert len(came) == len(set(came)) > 0
    return f"standardwebhooks {version('standardwebhooks')} takes {len(came)} messages, each signed with both secrets"


with tempfile.TemporaryDirectory() as home:
    os.environ.update(XDG_CONFIG_HOME=home, XDG_DATA_HOME=home, HOME=home)
    os.makedirs(os.path.join(home, "lingzheng"))
    print(webhooks(os.path.join(home, "lingzheng", "config.toml")))
    print(feeds())
    print(calendar())
    print(schemas())
