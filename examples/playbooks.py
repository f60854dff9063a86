#!/usr/bin/env python3
"""Brings the engagement plans of a Salesforce NPSP into Quid as playbooks, and lays them out.

    examples/playbooks.py TEMPLATES.csv TASKS.csv --partnership ID --start-on 2026-03-06 [--apply] [BASE_URL]

The CSVs have the columns that NPSP exports: `sf_id`, `Name`, `npsp__Description__c`, `npsp__Skip_Weekends__c` and
`npsp__Reschedule_To__c` of the templates; `sf_id`, `Name`, `npsp__Comments__c`, `npsp__Days_After__c`, `npsp__Type__c`,
`npsp__engagement_plan_template__c` and `npsp__parent_task__c` of the tasks. A task is due so many days after its parent task, or
after the start where it has none; on a weekend it moves to Monday, which is what "Skip Weekends" with "Reschedule To Monday"
says. The token is read from QUID_TOKEN.

Run again, it changes what has changed and makes nothing twice: a playbook is known by its name, and is laid out once from a
date. Without --apply it only prints the
dates. Needs Python 3.9 and nothing else.
"""

import argparse
import csv
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request


class Refused(Exception):
    """An answer that is no success, with its problem."""


class Service:
    """The service at an address, with a token."""

    def __init__(self, base, token):
        self.base = base.rstrip("/")
        self.token = token

    def ask(self, method, path, body=None, **headers):
        """The JSON of the answer, and its entity tag."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data=data, method=method)
        request.add_header("Authorization", f"Bearer {self.token}")
        request.add_header("Content-Type", "application/json")
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer), answer.headers.get("ETag")
        except urllib.error.HTTPError as error:
            raise Refused(f"{method} {path}: {error.code} {error.read().decode()}") from error

    def every(self, path):
        """The items of a list, page by page."""
        cursor = None
        while True:
            more = f"&cursor={urllib.parse.quote(cursor)}" if cursor else ""
            page, _ = self.ask("GET", f"{path}?limit=200{more}")
            yield from page["data"]
            cursor = page["next_cursor"]
            if cursor is None:
                return


def rows(path):
    """The rows of a CSV."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def step(task):
    """A task of a template, as a step of a playbook."""
    days = float(task["npsp__Days_After__c"] or 0)
    if days != int(days):
        raise SystemExit(f"{task['Name']}: {days} is no number of days")
    return {
        "key": task["sf_id"],
        "title": task["Name"],
        "detail": task["npsp__Comments__c"] or None,
        "owner": "us",
        "kind": "internal",
        "channel": None,
        "topic": None,
        "after": [{"key": task["npsp__parent_task__c"] or None, "lag": {"count": int(days), "unit": "days"}}],
        "length_days": 1,
    }


def playbook(template, tasks):
    """A template with its tasks, as a playbook."""
    skips = template["npsp__Skip_Weekends__c"].lower() == "true"
    if skips and template["npsp__Reschedule_To__c"] not in ("", "Monday"):
        raise SystemExit(f"{template['Name']}: moves to {template['npsp__Reschedule_To__c']}, and only Monday is known")
    own = [task for task in tasks if task["npsp__engagement_plan_template__c"] == template["sf_id"]]
    return {
        "name": template["Name"],
        "description": template["npsp__Description__c"] or None,
        "applies_to": "partnership",
        "skips_days_off": skips,
        "steps": [step(task) for task in own],
    }


def keep(service, known, wanted):
    """Writes a playbook, or what has changed of it; gives its id and what was done."""
    there = known.get(wanted["name"])
    if there is None:
        return service.ask("POST", "/v1/playbooks", wanted)[0]["id"], "written"
    changed = {field: value for field, value in wanted.items() if there[field] != value}
    if not changed:
        return there["id"], "unchanged"
    path = f"/v1/playbooks/{there['id']}"
    _, tag = service.ask("GET", path)
    service.ask("PATCH", path, changed, If_Match=tag)
    return there["id"], "changed"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("templates")
    parser.add_argument("tasks")
    parser.add_argument("base", nargs="?", default="http://127.0.0.1:8080")
    parser.add_argument("--partnership", required=True)
    parser.add_argument("--start-on", required=True)
    parser.add_argument("--apply", action="store_true", help="lay them out, and not only print the dates")
    options = parser.parse_args()
    token = os.environ.get("QUID_TOKEN")
    if not token:
        raise SystemExit("QUID_TOKEN is not set: sign in with POST /v1/sessions, and put `access_token` there")
    service = Service(options.base, token)
    tasks = rows(options.tasks)
    known = {one["name"]: one for one in service.every("/v1/playbooks") if one["archived_at"] is None}
    for template in rows(options.templates):
        book, done = keep(service, known, playbook(template, tasks))
        print(f"{template['Name']} ({done})")
        query = urllib.parse.urlencode({"playbook_id": book, "start_on": options.start_on})
        preview, _ = service.ask("GET", f"/v1/partnerships/{options.partnership}/playbook-preview?{query}")
        for one in preview["steps"]:
            print(f"    {one['due_on']}  {one['title']}")
        if options.apply:
            body = {"playbook_id": book, "start_on": options.start_on}
            path = f"/v1/partnerships/{options.partnership}/playbook-applications"
            there = [one for one in service.every(path) if all(one[field] == body[field] for field in body)]
            if there:
                print(f"    laid out before, as {there[0]['id']}")
            else:
                applied, _ = service.ask("POST", path, body)
                print(f"    laid out as {applied['id']}")


if __name__ == "__main__":
    try:
        main()
    except Refused as refused:
        sys.exit(f"playbooks: {refused}")
