"""Each event many times: how soon messages pass again, and whether every connection lives on."""

import math
import time
from concurrent.futures import ThreadPoolExecutor

import events

EVENTS = ('rebind', 'public-address', 'local-address', 'interface', 'interface-back', 'down-3', 'down-10', 'off-10')
# Homes of one world have numbers below 64, and a run takes up to three.
RUNS_IN_A_WORLD = 20
APART = 0.5


def percentile(values, share):
    """By rank: of 20 values the 95th is the 19th."""
    return sorted(values)[max(0, math.ceil(len(values) * share) - 1)]


def _strike(world, servers, pair, name, turn):
    """Those that run at once are struck one after the other."""
    time.sleep(turn * APART)
    return events.strike(world, servers, *pair, name)


def _run(study, name, pair, repeat):
    outcomes = []
    for at in range(0, repeat, RUNS_IN_A_WORLD):
        count = min(RUNS_IN_A_WORLD, repeat - at)
        with study.world() as world:
            servers = world.start_signaling(), world.start_relay()
            with ThreadPoolExecutor(study.chosen.jobs) as pool:
                outcomes += pool.map(lambda number: _strike(world, servers, pair, name, number % study.chosen.jobs), range(count))
    return outcomes


def _sum_up(name, pair, outcomes):
    silent = [one['silent_ms'] for one in outcomes if one['right']]
    found = {'event': name, 'what': events.EVENTS[name].what, 'a': pair[0], 'b': pair[1], 'runs': len(outcomes),
             'right': len(silent), 'limit': events.limit_of(name, *pair)}
    return {**found, **{f'p{share}': percentile(silent, share / 100) for share in (50, 95, 100) if silent}}


def judge(study, names, repeat):
    """What came out for these events, in every pair."""
    found = []
    for name in names:
        for pair in events.PAIRS:
            outcomes = _run(study, name, pair, repeat)
            one = _sum_up(name, pair, outcomes)
            found.append(one)
            errors = sorted({outcome['error'] for outcome in outcomes if not outcome['right']})
            study.report.judge(one['right'] == one['runs'] and one['p95'] <= one['limit'], f'{name}, {pair[0]} x {pair[1]}',
                               f'silent for {one.get("p50")} ms (median), {one.get("p95")} (p95), {one.get("p100")} (longest) of '
                               f'{one["right"]} of {one["runs"]} runs; limit of p95 {one["limit"]} {errors or ""}')
    study.report.found['survival'] = found
