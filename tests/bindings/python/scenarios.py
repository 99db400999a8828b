"""scenarios.py plain|asyncio FILE [SCENARIO...]: the driver of the scenarios that all bindings run, in one of the two styles."""

import asyncio
import os
import sys

import kith

import scenario_file
from verbs_objects import Objects
from verbs_traffic import Traffic
from world import Failure, World


class Verbs(Objects, Traffic):
    """All of them."""


LACKS = {'wake': 'the wake function is a C one of the binding\'s own'}


async def run_step(verbs, world, step, last):
    """One step; returns the failure that it had, as it must."""
    if step.verb == 'error':
        if step.keys['contains'].decode() not in str(last):
            raise Failure(f'the error was {last}')
        return last
    verb = getattr(verbs, step.verb if step.verb != 'options' else 'options_')
    try:
        await verb(world, step)
    except (kith.KithError, ValueError) as error:
        result = error.result.name if isinstance(error, kith.KithError) else 'E_INVALID'
        if result != step.fails:
            raise Failure(f'{result}: {error}') from error
        return error
    if step.fails:
        raise Failure('it did not fail')
    return None


async def run(name, path, steps, by_asyncio):
    """One scenario: whether it passed, or None: it cannot run here."""
    if steps[0].verb == 'needs':
        for word in steps[0].args:
            why = LACKS.get(word.decode(), '')
            if word == b'server' and 'KITH_TEST_SIGNALING' not in os.environ:
                why = 'there is no signaling server'
            if why:
                print(f'skipped {name}: {why}')
                return None
        steps = steps[1:]
    world, verbs, last = World(by_asyncio), Verbs(), None
    try:
        for step in steps:
            try:
                last = await run_step(verbs, world, step, last)
            except Exception as error:  # pylint: disable=broad-except
                print(f'{path}:{step.line}: {name}: {error if isinstance(error, Failure) else repr(error)}')
                if os.environ.get('KITH_TEST_TRACE'):
                    raise
                return False
        return True
    finally:
        await world.close()


def main():
    by_asyncio, path = sys.argv[1] == 'asyncio', sys.argv[2]
    scenarios = scenario_file.read(path)
    counts = {True: 0, False: 0, None: 0}
    for name in sys.argv[3:] or scenarios:
        counts[asyncio.run(run(name, path, scenarios[name], by_asyncio))] += 1
    print(f'{counts[True]} passed, {counts[False]} failed, {counts[None]} skipped')
    sys.exit(1 if counts[False] else 0)


main()
