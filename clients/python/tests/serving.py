"""What the tests have of a running server: its address and keys, from the environment."""

import json
import os
import urllib.request

URL = os.environ.get("ASSENT_URL", "")
KEY = os.environ.get("ASSENT_API_KEY", "")
WRITE_KEY = os.environ.get("ASSENT_TEST_WRITE_KEY", "")
DECISIONS_KEY = os.environ.get("ASSENT_TEST_DECISIONS_KEY", "")


def say(subject, purpose, act):
    """Records what a person said; returns when."""
    body = {
        "subject": subject,
        "property": "demo",
        "notice": {"key": "starter", "version": 1, "locale": "en"},
        "evidence": {"method": "form"},
        "choices": [{"purpose": purpose, "act": act}],
    }
    headers = {"Authorization": f"Bearer {WRITE_KEY}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{URL}/v1/consents", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)["recorded_at"]


def filter_on_server(lines, query):
    """The permitted lines as `POST /v1/filter` gives them."""
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/x-ndjson"}
    body = "".join(f"{line}\n" for line in lines).encode()
    request = urllib.request.Request(f"{URL}/v1/filter?{query}", body, headers)
    with urllib.request.urlopen(request, timeout=60) as response:
        return response.read().decode().splitlines()
