"""Kith against the other implementation, in both roles: one line a case, a sum of rows at the end.

    interop.py FOLDER KITH [WORD...]

FOLDER has the test peers, KITH is the command. With words only cases that have one of them in their name
("row 7" is written 07). KITH_INTEROP_SOAK: seconds of the soak. KITH_INTEROP_ROOT: the private key of the
root that this GNS was built to trust. Runs in a network namespace of its own
where that is possible.
"""
import concurrent.futures
import os
import sys
import time
import traceback

import rows
from peers import Bench, Failed, Skipped
import cases_connect  # noqa: F401: they register their cases
import cases_data  # noqa: F401
import cases_life  # noqa: F401
import cases_messages  # noqa: F401
import cases_modes  # noqa: F401
import cases_nat  # noqa: F401
import cases_p2p  # noqa: F401
import cases_symmetric  # noqa: F401
import cases_trust  # noqa: F401
import lab

# Cases that mostly wait run beside each other, and beside those that do not.
WAITING = 8


def run(programs, lan, case):
    bench = Bench(programs, lan)
    began = time.monotonic()
    try:
        seen = case.run(bench) or ''
        result = 'passed'
    except Skipped as why:
        result, seen = 'skipped', str(why)
    except Failed as why:
        result, seen = 'failed', str(why)
    except Exception:  # a mistake in the case is a failure of the case
        result, seen = 'failed', traceback.format_exc()
    finally:
        bench.clean()
    said = f'{result:7} {case.name} ({time.monotonic() - began:.1f} s) {seen}'
    print(said, flush=True)
    return case.row, result, said


def judge(results):
    """A row has passed when all its cases have."""
    count = {'passed': 0, 'failed': 0, 'skipped': 0}
    for _, result, said in results:
        if result == 'failed':
            print(f'once more: {said}')
    for row in sorted({row for row, _, _ in results}):
        found = {result for at, result, _ in results if at == row}
        count['failed' if 'failed' in found else 'skipped' if 'skipped' in found else 'passed'] += 1
    print('rows: {passed} passed, {failed} failed, {skipped} skipped'.format(**count))
    print('{passed} passed, {failed} failed, {skipped} skipped'.format(**count))
    return 1 if count['failed'] else 0


def main():
    lab.enter_own_namespace()
    lan = lab.Lan() if lab.is_inside() else None
    folder, kith, *words = sys.argv[1:]
    programs = {'kith': os.path.join(folder, 'kith_peer'), 'gns': os.path.join(folder, 'gns_peer'), 'signald': kith}
    programs.update({f'{kind}-messages': os.path.join(folder, f'{kind}_messages') for kind in ('kith', 'gns')})
    wanted = [case for case in rows.cases if not words or any(word in case.name for word in words)]
    # What waits longest begins first.
    wanted.sort(key=lambda case: -int(case.waits))
    with concurrent.futures.ThreadPoolExecutor(WAITING) as waiting, concurrent.futures.ThreadPoolExecutor(1) as busy:
        futures = [(waiting if case.waits else busy).submit(run, programs, lan, case) for case in wanted]
        return judge([future.result() for future in futures])


sys.exit(main())
