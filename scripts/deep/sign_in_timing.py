"""Sign-ins with known addresses and wrong passwords, and with unknown addresses, in turn.

Each known address is used once, by copies of one member, so that nothing that counts failures by address has a say.
"""

import argparse
import pathlib
import random
import shutil
import statistics
import sys
import tempfile
import time

from running_service import EMAIL, Cluster, Failure
from scipy.stats import mannwhitneyu

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


def sign_in(service, address):
    begun = time.perf_counter()
    status, headers, body = service.call("POST", "/v1/sessions", {"email": address, "password": WRONG})
    took = time.perf_counter() - begun
    body.pop("request_id", None)
    told = sorted(name.lower() for name in headers)
    return took, (status, str(body), str(told))


def check(options, folder):
    cluster = Cluster(options.binary, folder, QUID_LOG="warn")
    try:
        cluster.fill(12)
        count = options.times + WARM_UP
        known = known_addresses(cluster, count)
        # As long as the known ones.
        unknown = [address.replace("known", "other") for address in known]
        took, said = {"known": [], "unknown": []}, set()
        rng = random.Random(options.seed)
        for n, pair in enumerate(zip(known, unknown)):
            both = list(zip(("known", "unknown"), pair))
            rng.shuffle(both)
            for kind, address in both:
                seconds, answer = sign_in(cluster.service, address)
                said.add(answer)
                if n >= WARM_UP:
                    took[kind].append(seconds)
        for kind, times in took.items():
            print(f"{kind}: {len(times)} sign-ins, median {statistics.median(times) * 1000:.2f} ms, from {min(times) * 1000:.2f} to {max(times) * 1000:.2f} ms")
        p = mannwhitneyu(took["known"], took["unknown"]).pvalue
        print(f"Mann-Whitney p = {p:.3f}; {len(said)} kinds of answer: {sorted(said)[0][:2]}")
        if len(said) != 1:
            raise Failure(f"the answers differ: {sorted(said)}")
        if p <= SIGNIFICANT:
            raise Failure("the times differ")
    finally:
        cluster.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True, help="the service to look at")
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=20260302)
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="quid-timing-"))
    # Started by root, PostgreSQL runs as another user, who must be able to pass through.
    folder.chmod(0o711)
    try:
        check(options, folder)
    except Failure as failure:
        print(f"FAILED: {failure}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print("nobody learns which addresses are known")
    return 0


if __name__ == "__main__":
    sys.exit(main())
