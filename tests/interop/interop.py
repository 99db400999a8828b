"""Kith against the other implementation, in both roles: one line a case, a sum at the end.

    interop.py KITH GNS_PEER [CASE...]
"""
import inspect
import sys
import time
import traceback

import cases_p2p
import cases_udp
from peers import Bench, Failed, Skipped


def all_cases():
    for module in (cases_udp, cases_p2p):
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if name.startswith('row_'):
                yield name, function


def run(bench, name, function):
    began = time.monotonic()
    try:
        seen = function(bench) or ''
        result = 'passed'
    except Skipped as why:
        result, seen = 'skipped', str(why)
    except Failed as why:
        result, seen = 'failed', str(why)
    except Exception:
        result, seen = 'failed', traceback.format_exc()
    finally:
        bench.clean()
    print(f'{result:7} {name} ({time.monotonic() - began:.1f} s) {seen}', flush=True)
    return result


def main():
    bench = Bench(sys.argv[1], sys.argv[2])
    wanted = sys.argv[3:]
    results = [run(bench, name, function) for name, function in all_cases()
               if not wanted or any(word in name for word in wanted)]
    count = results.count
    print(f'{count("passed")} passed, {count("failed")} failed, {count("skipped")} skipped')
    return 1 if count('failed') else 0


sys.exit(main())
