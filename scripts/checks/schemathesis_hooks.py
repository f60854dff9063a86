"""What Schemathesis can't know from the document: who may do what in which state, and which refusals are no failures.

All of it goes by the shape of the document (a path with an id, a body with a `client_id`), so that a new operation is
met without being named here. The few names are of operations whose body is about something that is nowhere in the API.
"""

import base64
import collections
import datetime
import json
import os
import pathlib
import re
import time
import uuid

import requests
import schemathesis
from hypothesis import strategies
from running_service import token_in_mail

URL = os.environ["QUID_CHECK_URL"]
DOCUMENT = json.loads(pathlib.Path(os.environ["QUID_CHECK_DOCUMENT"]).read_text())
PEOPLE = json.loads(os.environ["QUID_CHECK_PEOPLE"])
PASSWORD = os.environ["QUID_CHECK_PASSWORD"]
DEVICES = json.loads(os.environ["QUID_CHECK_DEVICES"])
BINARY = os.environ["QUID_CHECK_BINARY"]
COMMANDS = json.loads(os.environ["QUID_CHECK_COMMANDS"])

OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
    if "operationId" in operation
}

# The codes of `errors` that are for the document to tell beforehand: the keywords of JSON Schema, and what the service
# says where it finds such a thing later. Any other code is about what is there, who asks, or what day it is.
TOLD_BY_SCHEMA = {
    "additionalProperties", "anyOf", "const", "enum", "exclusiveMaximum", "exclusiveMinimum", "format", "invalid",
    "maxItems", "maxLength", "maxProperties", "maximum", "minItems", "minLength", "minProperties", "minimum",
    "multipleOf", "nul", "oneOf", "pattern", "propertyNames", "required", "type", "uniqueItems",
}  # fmt: skip

# The formats that are the document's own.
for name, values in {
    "currency": ["USD", "EUR", "JPY", "BHD"],
    "country": ["US", "DE", "JP", "BR"],
    "period": ["P1M", "P2W", "P3D", "PT36H"],
    "language-tag": ["en", "de-AT", "zh-Hant-TW", "pt-BR"],
    "time-zone": ["America/Denver", "Europe/Berlin", "Asia/Kathmandu", "UTC"],
}.items():
    schemathesis.openapi.format(name, strategies.sampled_from(values))


def is_expected(problem):
    """Whether a refusal is for a reason that the document can't tell beforehand."""
    if problem.get("type") == "/problems/idempotency-key-reused":
        return True
    return all(error.get("code") not in TOLD_BY_SCHEMA for error in problem.get("errors") or [])


# What both parties of a partnership read, and what stands in no list of its own by which the check could see that.
SHARED = {
    "/v1/action-step-evidence/{evidence_id}",
    "/v1/cascades/{cascade_id}",
    "/v1/contacts/{contact_id}",
    "/v1/touchpoints/{touchpoint_id}",
    "/v1/agenda-items/{agenda_item_id}",
    "/v1/meeting-outcomes/{meeting_outcome_id}",
    "/v1/meetings/{meeting_id}",
    "/v1/meetings/{meeting_id}/agenda",
    "/v1/meetings/{meeting_id}/note",
    "/v1/meetings/{meeting_id}/outcomes",
    "/v1/metric-readings/{metric_reading_id}",
}


def is_party(about, case, response):
    """Whether who is said to have received another's is a party to the partnership itself, to which that belongs."""
    peer = re.search(r"`(\w+)` received the", about)
    # The notes of each party, and what its playbooks laid out, are its own.
    if not peer or case.operation.path.endswith(("/notes", "/playbook-applications")):
        return False
    try:
        told = response.json()
    except ValueError:
        return False
    told = told if isinstance(told, dict) else {}
    if case.operation.path.endswith("/note") and told.get("body") is not None:
        return False
    partnership = (case.path_parameters or {}).get("partnership_id") or told.get("partnership_id")
    return bool(partnership) and PERSONS[peer[1]].get(f"/v1/partnerships/{partnership}").status_code == 200


@schemathesis.hook
def filter_failure(context, failure, case, response):
    about = f"{failure} {getattr(failure, 'message', '')}"
    if case.operation.path in SHARED and "received the" in about and "stranger" not in about:
        return False
    if is_party(about, case, response):
        return False
    if "POST /v1/partnerships`" in about and case.operation.path.startswith("/v1/partnerships/{partnership_id}/"):
        # What is below a partnership is there once it is accepted, which nobody can know who proposes it.
        return False
    if type(failure).__name__ != "RejectedPositiveData" or response.status_code not in (400, 422):
        return True
    if case.operation.path == "/oauth/token":
        # RFC 6749 answers in its own words: 400 `unsupported_grant_type` and the like.
        return False
    try:
        return not is_expected(response.json())
    except (ValueError, AttributeError):
        # No problem at all, in any sense: other checks say what it should have been.
        return True


class Person:
    """Signs in again before a token ends, or when an operation has ended it."""

    def __init__(self, name, email):
        self.name, self.email, self.until = name, email, 0

    def token(self):
        if time.monotonic() > self.until:
            body = {"email": self.email, "password": PASSWORD, "device_token": DEVICES[self.name]}
            answer = requests.post(f"{URL}/v1/sessions", json=body, timeout=30)
            answer.raise_for_status()
            self.known, self.until = answer.json()["access_token"], time.monotonic() + 300
        return self.known

    def get(self, path, **query):
        answer = requests.get(
            URL + path, params=query, headers={"Authorization": f"Bearer {self.token()}"}, timeout=30
        )
        if answer.status_code == 401:
            self.until = 0
        return answer

    def list(self, path):
        label = f"GET {path}"
        if label not in OPERATIONS:
            return []
        answer = self.get(path, limit=200)
        return answer.json().get("data", []) if answer.status_code == 200 else []


PERSONS = {name: Person(name, email) for name, email in PEOPLE.items()}


def leaving_token():
    """Of the one whose firm is closed in the run: once it is, there is no other, and a second run has none."""
    try:
        return PERSONS.pop("leaver").token()
    except requests.HTTPError:
        return "none"


LEAVING = leaving_token()


def state_of(resource):
    return next((resource[name] for name in ("state", "stage", "status") if isinstance(resource.get(name), str)), "")


class Rounds:
    """Gives each operation one (person, resource) after the other, so that all states and both sides are met.

    Every second time it takes what was refused least: a short run must find the one state that an operation is for.
    """

    def __init__(self):
        self.tried, self.refused, self.turns = collections.Counter(), collections.Counter(), collections.Counter()

    def next(self, label, candidates):
        """The candidate, as a person and a resource, and of each kind the one that was tried least."""
        if not candidates:
            return None
        self.turns[label] += 1

        def key(one):
            person, resource = one
            kind = (label, person.name, state_of(resource))
            seen = (self.tried[kind], self.tried[(*kind, resource.get("id"))])
            if self.turns[label] % 2:
                return seen
            return (self.refused[label, state_of(resource)], self.refused[kind], *seen)

        person, resource = min(candidates, key=key)
        kind = (label, person.name, state_of(resource))
        self.tried[kind] += 1
        self.tried[(*kind, resource.get("id"))] += 1
        return person, resource

    def judge(self, label, person, resource, status):
        """What became of it: a 409 speaks of the state, a 403 and a 404 of the person in it as well."""
        kind = (label, person.name, state_of(resource))
        if status == 409:
            self.refused[label, state_of(resource)] += 1
        if status in (403, 404, 409):
            self.refused[kind] += 1
        elif status < 300:
            self.refused[label, state_of(resource)] = self.refused[kind] = 0


ROUNDS = Rounds()
# The partnerships that most of the demo data hangs on: they must not end before everything else was tried on them.
SPARED = {one["id"] for one in PERSONS["ana"].list("/v1/partnerships")}
COUNTS = collections.Counter()
PREPARED = collections.deque(maxlen=1000)
# What the request under way was given, by its id.
GIVEN = {}


def uuid7():
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    return str(uuid.UUID(int=value & ~(0x3 << 62) | 0x2 << 62))


def day(days):
    return (datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=days)).date().isoformat()


# Dates that are about what has happened lie before today, the others after it.
HAPPENED = re.compile("^(occurred|given|done|happened|measured|met|paid)_on$")


def collection_of(name):
    """The list that a field like `client_id` or `owner_member_id` takes its ids from."""
    words = name.removesuffix("_id").split("_")
    for start in range(len(words)):
        path = "/v1/" + "-".join(words[start:]) + "s"
        if f"GET {path}" in OPERATIONS:
            return path
    return None


def complete_body(label, person, body):
    """Puts what is possible in place of ids, dates and addresses that were made up."""
    for name in list(body):
        if name == "id":
            body[name] = uuid7()
        elif name.endswith("_id") and isinstance(body[name], str) and collection_of(name):
            found = ROUNDS.next(f"{label} {name}", [(person, one) for one in person.list(collection_of(name))])
            if found:
                body[name] = found[1]["id"]
        elif name.endswith("_on") and isinstance(body[name], str):
            body[name] = day(-1 if HAPPENED.match(name) else 30)
        elif name == "currency":
            body[name] = "USD"
        elif isinstance(body[name], dict):
            complete_body(f"{label} {name}", person, body[name])


MACHINE = {}


def machine():
    if not MACHINE:
        scopes = DOCUMENT["components"]["schemas"]["Scope"]["enum"]
        answer = requests.post(
            f"{URL}/v1/api-clients",
            json={"name": "check", "scopes": [one for one in scopes if one.endswith(":read")][:10]},
            headers={"Authorization": f"Bearer {PERSONS['ana'].token()}"},
            timeout=30,
        )
        MACHINE.update(answer.json())
    return MACHINE


def token_of(path, body, headers):
    """The token in the mail that a request sends."""
    requests.post(URL + path, json=body, headers=headers, timeout=30).raise_for_status()
    return token_in_mail(BINARY, COMMANDS, body["email"])


def by_name(case):
    """Operations whose body is about something that no list has."""
    name = OPERATIONS[case.operation.label]["operationId"]
    turn = COUNTS[name]
    if name == "sign_in":
        case.body = {"email": PEOPLE["stranger"], "password": PASSWORD, "device_token": DEVICES["stranger"]}
    elif name in ("change_password", "enrol_second_factor", "remove_second_factor"):
        case.body = {"present_password": PASSWORD, "new_password": PASSWORD} if name == "change_password" else {"password": PASSWORD}
    elif name == "issue_token":
        pair = f"{machine()['client_id']}:{machine()['client_secret']}"
        case.headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        case.body = {"grant_type": "client_credentials"}
    elif not isinstance(case.body, dict):
        return
    elif name == "propose_partnership":
        people = list(PEOPLE.values())
        case.body["email"] = people[turn % len(people)]
    elif name == "create_member_invitation":
        case.body["email"] = f"someone{turn}@new.example"
    elif name == "create_plan_version" and turn % 2:
        # What is made up is mostly impossible: days that go down, stages that nobody has.
        case.body["body"] = {"section": "core_story", "audience": "Owners", "script": f"Story {turn}."}
    elif name == "create_playbook" and turn % 2:
        # What is made up waits for steps that are not there.
        step = {"title": "Call", "detail": None, "owner": "us", "kind": "internal", "channel": None, "topic": None, "length_days": 1}
        case.body |= {"applies_to": "partnership", "steps": [step | {"key": "call", "after": []}]}
    elif name == "apply_playbook" and turn % 2:
        case.body.pop("introduction_id", None)
    elif name == "put_predecessors" and turn % 2:
        case.body = {"after": []}
    elif name == "put_work_calendar" and turn % 2:
        case.body = {"weekend": ["sunday"], "holidays": [{"holiday_on": day(turn), "name": "Founders' day"}]}
    elif name == "create_contact" and turn % 2:
        # What is made up names a reason twice, or a member who is a contact already.
        case.body |= {"reasons": [{"reason": "tax", "detail": None}], "member_id": None, "away_to_on": None}
    elif name == "create_touchpoint" and turn % 2:
        # A guest who is made up is nobody's, and only who paid writes the cost.
        case.body |= {"cost": None, "guests": []}
    elif name == "create_metric_reading":
        # What is reported by hand was agreed in the demo's own partnership alone, before the people of this check came.
        case.path_parameters["partnership_id"] = sorted(SPARED)[turn % len(SPARED)]
        case.headers["Authorization"] = f"Bearer {PERSONS['ana'].token()}"
        case._auth_identity = "ana"
        case.body["key"] = "articles"
    elif name == "create_meeting":
        # One that was held; instants that are made up are mostly to come.
        case.body = {"held_at": f"{day(-1)}T09:30:00Z", "minutes_text": f"Conversation {turn}."}
    elif name == "create_agenda_item":
        case.body.pop("meeting_id", None)
    elif name == "patch_member" and case.body.get("role") == "admin":
        # A second admin could demote the one by whom the run goes on.
        case.body["role"] = "assistant"
    elif name == "patch_me" and case.body.get("phone"):
        case.body["phone"] = "+1 303 555 0147"
    elif name == "sign_up_firm" and isinstance(case.body.get("admin"), dict):
        email = f"founder{turn}@new.example"
        case.body["token"] = token_of("/v1/sign-ups", {"email": email}, {})
        case.body["admin"]["password"] = PASSWORD
    elif name == "accept_member_invitation":
        email = f"joiner{turn}@new.example"
        token = {"Authorization": f"Bearer {PERSONS['ana'].token()}"}
        case.body["token"] = token_of("/v1/member-invitations", {"email": email, "role": "advisor"}, token)
        case.body |= {"name": "Joiner", "password": PASSWORD}


def is_ours(case):
    """A valid request with a valid token, not one that a check sends to see it refused."""
    meta = case.meta
    if meta is None or not meta.generation.mode.is_positive or meta.phase.name.value == "stateful":
        return False
    if OPERATIONS[case.operation.label].get("security"):
        return str((case.headers or {}).get("Authorization", "")).startswith("Bearer ey")
    return True


def ends_sessions(case):
    """Whether it signs the caller out elsewhere, where another check may be in the middle of something."""
    path = case.operation.path
    return path == "/v1/me/password" or (path.startswith("/v1/sessions/") and case.method != "GET")


@schemathesis.hook
def before_call(context, case, kwargs):
    label = case.operation.label
    if case.operation.path.endswith("/firm/close") and str((case.headers or {}).get("Authorization", "")).startswith("Bearer ey"):
        case.headers["Authorization"] = f"Bearer {LEAVING}"
        return
    if ends_sessions(case) and str((case.headers or {}).get("Authorization", "")).startswith("Bearer ey"):
        elsewhere = PERSONS["other5"]
        case.headers["Authorization"] = f"Bearer {elsewhere.token()}"
        if label in OPERATIONS and is_ours(case):
            by_name(case)
            if "session_id" in (case.path_parameters or {}):
                found = ROUNDS.next(label, [(elsewhere, one) for one in elsewhere.list("/v1/sessions")])
                # A session that has just ended itself lists none.
                if found:
                    case.path_parameters["session_id"] = found[1]["id"]
        return
    if case.operation.path.endswith("/end") and (case.path_parameters or {}).get("partnership_id") in SPARED:
        case.path_parameters["partnership_id"] = str(uuid.uuid4())
    if label not in OPERATIONS or case.id in PREPARED or case.method != case.operation.method.upper() or not is_ours(case):
        return
    PREPARED.append(case.id)
    COUNTS[label] += 1
    COUNTS[OPERATIONS[label]["operationId"]] += 1
    # Every third stays as it was made.
    if COUNTS[label] % 3 == 0:
        return
    person = None
    secured = bool(OPERATIONS[label].get("security"))
    path = case.operation.path
    if secured and case.method != "GET":
        parameters = re.findall(r"{(\w+_id)}", path)
        collection = path.split("/{")[0]
        if parameters and f"GET {collection}" in OPERATIONS:
            candidates = [(one, found) for one in PERSONS.values() for found in one.list(collection)]
            if path.endswith("/end"):
                candidates = [one for one in candidates if one[1]["id"] not in SPARED]
            found = ROUNDS.next(label, candidates)
            if found:
                person = found[0]
                case.path_parameters[parameters[0]] = found[1]["id"]
                GIVEN[case.id] = found
        else:
            persons = list(PERSONS.values())
            person = persons[COUNTS[label] % len(persons)]
        if person:
            case.headers["Authorization"] = f"Bearer {person.token()}"
            case._auth_identity = person.name
    if isinstance(case.body, dict):
        complete_body(label, person or PERSONS["ana"], case.body)
    by_name(case)
    names = {name.lower() for name in case.headers or {}}
    if "idempotency-key" in names:
        case.headers["Idempotency-Key"] = str(uuid.uuid4())
    if "if-match" in names and case.method == "POST" and COUNTS[label] % 3 != 1:
        # It may be left out there, and a made-up one is nobody's.
        for name in [name for name in case.headers if name.lower() == "if-match"]:
            del case.headers[name]
    elif "if-match" in names and person and COUNTS[label] % 3 == 1:
        etag = person.get(case.formatted_path).headers.get("ETag")
        if etag:
            case.headers["If-Match"] = etag


@schemathesis.hook
def after_call(context, case, response):
    if case.id in GIVEN:
        ROUNDS.judge(case.operation.label, *GIVEN.pop(case.id), response.status_code)
    if response.status_code == 401 and case.auth_identity in PERSONS:
        PERSONS[case.auth_identity].until = 0
