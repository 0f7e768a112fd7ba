"""What anybody runs to see that a draw was right; it needs Python and the record, and no network.

It shares no line with the code that draws, and a test compares both.
"""

SCRIPT = """\
import hashlib, json, sys

record = json.load(open(sys.argv[1], encoding="utf-8"))
seed, drawn = record["seed"], [one["entry"] for one in record["drawn"]]
entries = sorted((one["entry"], one["weight"]) for one in record["entries"])
if not seed:
    sys.exit("NOT YET: the seed is told when nobody has to claim any more")


def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


def score(entry, weight):
    return min(sha(f"{seed}:{entry}:{ticket}") for ticket in range(weight))


order = [entry for _, entry in sorted((score(*one), one[0]) for one in entries)]
checks = {
    "the seed is the one whose hash was said": sha(seed) == record["commitment"],
    "the entries are those that were closed":
        sha("\\n".join(f"{entry} {weight}" for entry, weight in entries)) == record["list"],
    "nobody is in twice": len({entry for entry, _ in entries}) == len(entries),
    "they count as was said": {one[1] for one in entries} <= {1, *record["weights"].values()},
    "the seed draws exactly these": drawn == order[: max(len(drawn), record["winners"])],
}
for check, holds in checks.items():
    print("yes" if holds else "NO ", check)
print("Compare with chat: seed's hash", record["commitment"], "list", record["list"], *drawn)
sys.exit(0 if all(checks.values()) else "WRONG: this draw is not what was promised")
"""
