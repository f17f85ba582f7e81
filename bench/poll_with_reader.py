"""One side of the polling bench: lemon24/reader. Runs in an environment of its own, without this project.

Arguments: database, port, hosts in a file, workers. Each line of input is one round; answers with the seconds it took.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import perf_counter

from reader import make_reader


def main() -> None:
    database, urls, workers = sys.argv[1], Path(sys.argv[2]).read_text(encoding="utf-8").split(), int(sys.argv[3])
    reader = make_reader(database)
    for url in urls:
        reader.add_feed(url)
    print("{}", flush=True)
    for _ in sys.stdin:
        started = perf_counter()
        reader.update_feeds(workers=workers, scheduled=False)
        seconds = perf_counter() - started
        broken = reader.get_feed_counts().broken
        print(
            json.dumps({"seconds": seconds, "failed": broken, "entries": reader.get_entry_counts().total}), flush=True
        )


if __name__ == "__main__":
    main()
