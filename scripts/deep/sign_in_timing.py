"""Sign-ins with wrong passwords, sign-ups and invitations of members, with known and with unknown addresses in turn.

Each known address is used once for each, by copies of one member, so that nothing that counts by address has a say.
"""

import argparse
import random
import statistics
import sys
import time

from running_service import EMAIL, PASSWORD, Cluster, Failure, in_folder
from scipy.stats import mannwhitneyu

DANA = "dana@hartwell.example"
SIGNIFICANT = 0.01
WRONG = "a pass phrase that is wrong"
# So many at first are not counted: the first ones make what the later ones find made.
WARM_UP = 10


def known_addresses(cluster, count):
    """As many members as that, each with an address of its own and the password of the one who is there."""
    columns = cluster.sql("SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns WHERE table_name = 'members' AND is_generated = 'NEVER' AND column_name NOT IN ('id', 'email')")
    cluster.sql(
        f"INSERT INTO members (id, email, {columns}) SELECT gen_random_uuid(), 'known' || n || '@timing.example', {columns} "
        f"FROM members, generate_series(1, {count}) n WHERE email = '{EMAIL}'"
    )
    return [f"known{n}@timing.example" for n in range(1, count + 1)]


# What differs from request to request, whatever it is about.
OWN = ("request_id", "id", "email", "created_at", "updated_at", "expires_at")


def ask(service, path, body, token):
    begun = time.perf_counter()
    status, headers, told = service.call("POST", path, body, token)
    took = time.perf_counter() - begun
    told = {name: value for name, value in told.items() if name not in OWN}
    names = sorted(name.lower() for name in headers)
    return took, (status, str(told), str(names))


def compare(service, what, pairs, request, token, rng):
    """Sends a request for the known and the unknown address of each pair, and asks that nobody can tell which it was."""
    took, said = {"known": [], "unknown": []}, set()
    for n, pair in enumerate(pairs):
        both = list(zip(("known", "unknown"), pair))
        rng.shuffle(both)
        for kind, address in both:
            path, body = request(address)
            seconds, answer = ask(service, path, body, token)
            said.add(answer)
            if n >= WARM_UP:
                took[kind].append(seconds)
    for kind, times in took.items():
        print(f"{what}, {kind}: {len(times)}, median {statistics.median(times) * 1000:.2f} ms, from {min(times) * 1000:.2f} to {max(times) * 1000:.2f} ms")
    p = mannwhitneyu(took["known"], took["unknown"]).pvalue
    print(f"{what}: Mann-Whitney p = {p:.3f}; {len(said)} kinds of answer: {sorted(said)[0][:2]}")
    if len(said) != 1:
        raise Failure(f"the answers differ: {sorted(said)}")
    if p <= SIGNIFICANT:
        raise Failure(f"the times of {what} differ")


def check(options, folder):
    cluster = Cluster(options.binary, folder, QUID_LOG="warn")
    try:
        cluster.fill(12)
        known = known_addresses(cluster, options.times + WARM_UP)
        # As long as the known ones.
        pairs = [(address, address.replace("known", "other")) for address in known]
        service, rng = cluster.service, random.Random(options.seed)
        # To her the known ones, of the other demo firm, are members elsewhere.
        dana = service.expect(201, "POST", "/v1/sessions", {"email": DANA, "password": PASSWORD})["access_token"]
        for what, request, token in (
            ("sign-ins", lambda address: ("/v1/sessions", {"email": address, "password": WRONG}), None),
            ("sign-ups", lambda address: ("/v1/sign-ups", {"email": address}), None),
            ("invitations", lambda address: ("/v1/member-invitations", {"email": address, "role": "advisor"}), dana),
        ):
            compare(service, what, pairs, request, token, rng)
    finally:
        cluster.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True, help="the service to look at")
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=20260302)
    options = parser.parse_args()
    return in_folder("timing", lambda folder: check(options, folder), "nobody learns which addresses are known")


if __name__ == "__main__":
    sys.exit(main())
