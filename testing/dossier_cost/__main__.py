"""`python -m testing.dossier_cost [ROUNDS]`: print time, peak memory and size of a dossier of 60 photos.

The photos are display copies of photos of 12 megapixels; one of three has a marked-up copy. Each round is a process of
its own, as in a worker that starts. Aims: 15 s, 500 MB, 15 MB.
"""

import statistics
import sys

from testing.dossier_cost.measure import ROUNDS, measure


def main() -> int:
    costs = measure(rounds=int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
    wall = [cost.wall_seconds for cost in costs]
    cpu = [cost.cpu_seconds for cost in costs]
    sys.stdout.write(
        f"{len(costs)} dossiers of 60 photos, {costs[0].pages} pages: "
        f"wall median {statistics.median(wall):.1f} s, worst {max(wall):.1f} s; "
        f"CPU median {statistics.median(cpu):.1f} s; "
        f"peak {max(cost.peak_mb for cost in costs):.0f} MB; {costs[0].size_mb:.1f} MB of file; "
        f"{len({cost.sha256 for cost in costs})} different files\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
