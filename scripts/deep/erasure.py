"""After an erasure neither the database, nor the outbox, nor a log names the client; what is counted stays."""

import argparse
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.parse

from running_service import EMAIL, PASSWORD, Cluster, Failure

PARTNER = "dana@hartwell.example"
TRACES = re.compile(r"zephyrine|quillfeather|555-?0199|plays the harp", re.IGNORECASE)
NAME = "Zephyrine Quillfeather"
DAY = "2026-03-01"


def tell(service, ana, dana, partnership):
    """Writes the name wherever somebody can, rightly and wrongly; gives the client and the introduction."""
    a = lambda status, method, path, body=None: service.expect(status, method, path, body, ana)  # noqa: E731
    b = lambda status, method, path, body=None: service.expect(status, method, path, body, dana)  # noqa: E731
    person = {"name": NAME, "email": "zephyrine@mail.example", "phone": "(303) 555-0199", "notes": "She plays the harp."}
    client = a(201, "PUT", "/v1/clients/by-external-id/salesforce/quillfeather-1", person)["id"]
    # What is refused goes by other ways than what is taken.
    a(422, "POST", "/v1/clients", person | {"middle_name": NAME})
    a(409, "POST", "/v1/clients", person)
    status, _, _ = service.call("POST", "/v1/clients", person | {"id": "none"}, ana, {"Idempotency-Key": f'"{NAME}"'})
    if status != 422:
        raise Failure(f"an id that is none: 422 was expected, and the answer is {status}")
    found = a(200, "GET", f"/v1/clients?email={urllib.parse.quote(person['email'])}")["data"]
    if [one["id"] for one in found] != [client]:
        raise Failure(f"the address finds {found}")
    drafts = f"/v1/partnerships/{partnership}/introductions"
    made = a(201, "POST", drafts, {"client_id": client, "summary": f"{NAME} sells."})["id"]
    path = f"/v1/introductions/{made}"
    a(200, "POST", f"{path}/offer")
    consent = {"partnership_id": partnership, "given_on": DAY, "method": "written", "scope": f"All that {NAME} said."}
    a(201, "POST", f"/v1/clients/{client}/consents", consent)
    if b(200, "POST", f"{path}/accept")["client"]["name"] != NAME:
        raise Failure("the partner does not learn the name, so there is nothing to look for")
    b(200, "POST", f"{path}/link", {"system": "hubspot", "external_id": "deal-quillfeather"})
    b(200, "POST", f"{path}/stages", {"stage": "met", "note": f"{NAME} came along."})
    b(200, "POST", f"{path}/stages", {"stage": "engaged", "note": f"{NAME} signed."})
    b(200, "POST", f"{path}/outcome", {"words": f"{NAME} is content.", "rating": 4})
    step = {"owner": "us", "kind": "internal", "title": f"Call {NAME}", "detail": "555-0199", "due_on": "2030-03-20"}
    step = a(201, "POST", f"/v1/partnerships/{partnership}/action-steps", step)["id"]
    a(200, "POST", f"/v1/action-steps/{step}/reschedule", {"due_on": "2030-03-21", "reason": f"{NAME} is abroad."})
    a(201, "POST", f"/v1/partnerships/{partnership}/notes", {"body": f"Dana likes {NAME}."})
    converse(service, ana, dana, f"/v1/partnerships/{partnership}")
    return client, path


def converse(service, ana, dana, partnership):
    """Names the client in all that the two say, do and prepare for one another besides."""
    a = lambda status, method, path, body=None: service.expect(status, method, path, body, ana)  # noqa: E731
    b = lambda status, method, path, body=None: service.expect(status, method, path, body, dana)  # noqa: E731
    held = {"held_at": f"{DAY}T09:00:00Z", "minutes_text": f"Both like {NAME}."}
    a(201, "POST", f"{partnership}/meetings", held)
    meeting = b(201, "POST", f"{partnership}/meetings", {"starts_at": "2030-03-05T20:00:00Z"})["id"]
    meeting = f"/v1/meetings/{meeting}"
    b(200, "POST", f"{meeting}/move", {"starts_at": "2030-03-06T20:00:00Z", "reason": f"{NAME} is abroad."})
    a(200, "POST", f"{meeting}/skip", {"reason": f"{NAME} is ill."})
    _, headers, _ = service.call("GET", f"{meeting}/note", None, ana)
    noted = service.call("PUT", f"{meeting}/note", {"body": f"{NAME} may leave."}, ana, {"If-Match": headers["ETag"]})
    if noted[0] != 200:
        raise Failure(f"a note of a meeting: 200 was expected, and the answer is {noted[0]} {noted[2]}")
    item = b(201, "POST", f"{partnership}/agenda-items", {"title": f"About {NAME}", "detail": "555-0199"})["id"]
    a(200, "POST", f"/v1/agenda-items/{item}/resolve", {"resolution": f"{NAME} is content."})
    for visibility in ("shared", "private"):
        meal = {"kind": "meal", "happened_on": DAY, "visibility": visibility, "place": f"At {NAME}'s", "note": "555-0199"}
        a(201, "POST", f"{partnership}/touchpoints", meal)
    teammate = {"name": "Otis Lane", "role": f"Looks after {NAME}", "reasons": [{"reason": "tax", "detail": f"Ask about {NAME}."}]}
    b(201, "POST", f"{partnership}/contacts", teammate)
    step = {"key": "call", "title": f"Call {NAME}", "detail": None, "owner": "us", "kind": "internal", "channel": None,
            "topic": None, "after": [], "length_days": 1}
    playbook = {"name": f"As with {NAME}", "applies_to": "partnership", "steps": [step]}
    playbook = a(201, "POST", "/v1/playbooks", playbook)["id"]
    a(201, "POST", f"{partnership}/playbook-applications", {"playbook_id": playbook, "start_on": "2030-03-04"})
    step = {"owner": "us", "kind": "internal", "title": "Write it down", "due_on": "2030-04-01"}
    step = a(201, "POST", f"{partnership}/action-steps", step)["id"]
    a(201, "POST", f"/v1/action-steps/{step}/cascade", {"due_on": "2030-04-02", "reason": f"{NAME} is away."})
    a(201, "POST", f"/v1/action-steps/{step}/evidence", {"kind": "note", "text": f"{NAME} called back."})


def dump(cluster):
    done = subprocess.run(["pg_dump", "--dbname", cluster.url()], capture_output=True, text=True)
    if done.returncode:
        raise Failure(f"pg_dump: {done.stderr.strip()}")
    return done.stdout


def outbox(cluster):
    environment = cluster.commands()
    done = subprocess.run([cluster.binary, "outbox", "--limit", "1000"], env=environment, capture_output=True, text=True)
    if done.returncode:
        raise Failure(f"quid outbox: {done.stderr.strip()}")
    return done.stdout


def traces(text):
    return [line[:300] for line in text.splitlines() if TRACES.search(line)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", type=pathlib.Path, required=True)
    binary = parser.parse_args().binary.resolve()
    with tempfile.TemporaryDirectory(prefix="quid-erasure-") as folder:
        folder = pathlib.Path(folder)
        # Where the service runs as another user, that user must come in here.
        folder.chmod(0o755)
        # The most talkative log.
        cluster = Cluster(binary, folder, jobs=True, QUID_LOG="trace")
        try:
            cluster.fill(12)
            service = cluster.service
            sign_in = lambda who: service.expect(201, "POST", "/v1/sessions", {"email": who, "password": PASSWORD})  # noqa: E731
            ana, dana = (sign_in(who)["access_token"] for who in (EMAIL, PARTNER))
            active = service.expect(200, "GET", "/v1/partnerships?state=active", None, ana)["data"]
            shared = {one["id"] for one in service.expect(200, "GET", "/v1/partnerships?state=active", None, dana)["data"]}
            partnership = next(one["id"] for one in active if one["id"] in shared)
            client, path = tell(service, ana, dana, partnership)
            before = traces(dump(cluster))
            if len(before) < 20:
                raise Failure(f"only {len(before)} lines of the dump name the client; there is too little to look for")
            counts = "SELECT (SELECT count(*) FROM introductions), (SELECT count(*) FROM introduction_stages)"
            counted = cluster.sql(counts)
            service.expect(204, "DELETE", f"/v1/clients/{client}", None, ana)
            left = service.expect(200, "GET", path, None, dana)
            if (left["stage"], left["client"]["name"], left["outcome"]["rating"]) != ("engaged", None, 4):
                raise Failure(f"the partner sees {left}")
            if cluster.sql(counts) != counted:
                raise Failure(f"{counted} were counted, and {cluster.sql(counts)} are left")
            places = {"the dump": dump(cluster), "the outbox": outbox(cluster)}
        finally:
            cluster.stop()
        logs = [log for log in folder.rglob("*.log") if log.is_file()]
        places |= {f"the log {log.name}": log.read_text(errors="replace") for log in logs}
        found = {place: traces(text) for place, text in places.items() if traces(text)}
        if found:
            raise Failure(f"the client is still named: {found}")
        sizes = ", ".join(f"{place}: {len(text)} bytes" for place, text in places.items())
        print(f"{len(before)} lines of the dump named the client; after the erasure none does, nor do others ({sizes})")


if __name__ == "__main__":
    try:
        main()
    except Failure as failure:
        sys.exit(str(failure))
