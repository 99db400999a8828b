#!/usr/bin/env python3
"""The NAT laboratory: which homes connect, which way, and how soon. docs/nat-traversal.md has what came out.

    natlab.py kinds                      what kinds of homes there are
    natlab.py probe [KIND...]            what each of them really does
    natlab.py case KIND KIND | PLACE     one call; PLACE: two peers near each other, as "same-lan"
    natlab.py matrix [KIND...]           every pair of kinds, and every place
    natlab.py privacy [KIND...]          relay-only callers, by packet capture
    natlab.py times                      p95 of the time from the call to the first message
    natlab.py lossy                      the same with 30 % of the signals lost
    natlab.py early                      the first way that works, then the best: what a stream of messages sees
    natlab.py events [EVENT...]          what becomes of a call when the network changes (not in "all")
    natlab.py survives [EVENT...]        the same many times: how soon messages pass again (not in "all")
    natlab.py mesh [PEERS...]            everybody with everybody (100 and 200; not in "all")
    natlab.py turns [LOSS...]            lists of servers: dead ones, ones that end (not in "all")
    natlab.py lasting [SECONDS]          relayed connections that last (1500 s; not in "all")
    natlab.py idle                       what is sent when nothing is said
    natlab.py wire                       the cable itself: delay, loss, order, rate
    natlab.py sample                     some of everything: the part of tests/run.sh
    natlab.py all                        everything
    natlab.py docs                       makes docs/nat-traversal.md and its picture new from docs/nat-matrix.json, which
                                         "all --both --json docs/nat-matrix.json" writes; with "check": are they?

    --build FOLDER   where kith is built (build/tests/plain)    --shape SHAPE   of each access link, as wire.c has it
    --json FILE      all that was found                         --jobs N        calls at once (2)
    --repeat N       of pairs (1), times (60), events (20)      --seed N        of the links' faults (1)
    --options "..."  of kith, for both peers                    --both           each pair calls both ways
    -v              what the peers of a failed call said

Access links take 12.5 ms each way unless --shape says else: 50 ms there and back between any two. The last line is
"N passed, N failed, N skipped".
"""

import argparse
import os
import shlex
import signal
import sys

import kinds
import page
import world
from lab import Failure, Missing

FAR = 'delay=12.5'


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('command', choices=['kinds', 'probe', 'case', 'matrix', 'privacy', 'times', 'lossy', 'early', 'events', 'survives', 'mesh', 'turns', 'lasting',
                                            'idle', 'wire', 'sample', 'all', 'docs'])
    parser.add_argument('words', nargs='*')
    parser.add_argument('--build', default='build/tests/plain')
    parser.add_argument('--json')
    parser.add_argument('--shape', default=FAR)
    parser.add_argument('--repeat', type=int)
    parser.add_argument('--jobs', type=int, default=2)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--options', type=shlex.split, default=[])
    parser.add_argument('--both', action='store_true')
    parser.add_argument('-v', '--verbose', action='store_true')
    chosen = parser.parse_args()
    chosen.build = os.path.abspath(chosen.build)
    return chosen


def show_kinds():
    for name, kind in kinds.KINDS.items():
        print(f'{name:10} {kind.what}')


def main():
    chosen = arguments()
    if chosen.command == 'kinds':
        return show_kinds()
    if chosen.command == 'docs':
        return page.renew(chosen.words == ['check'])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        world.enter()
    except Missing as missing:
        print(f'skipped: the NAT laboratory: {missing}')
        print('0 passed, 0 failed, 1 skipped')
        return 0
    import studies  # pylint: disable=import-outside-toplevel
    study = studies.Studies(chosen)
    try:
        getattr(study, chosen.command)(*chosen.words)
    except Failure as failure:
        study.report.fail('the laboratory', str(failure))
    if chosen.json:
        page.keep(study.report.found, chosen.json)
    print(study.report.counts())
    return study.report.failed > 0


if __name__ == '__main__':
    sys.exit(main())
