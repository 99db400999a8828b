#!/usr/bin/env python3
"""grid.py BUILD: docs/bindings.md: which scenario runs in which language, by running them.
grid.py BUILD --check: whether the page is that; of the languages that are there.

The environment has KITH_TEST_SIGNALING, see signald.sh.
"""

import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SCENARIOS = os.path.join(HERE, 'scenarios.txt')
PAGE = os.path.join(os.path.dirname(os.path.dirname(HERE)), 'docs/bindings.md')
HEAD = '''# Scenarios and languages

Made by `tests/bindings/grid.py` from what the drivers say; what is changed here by hand is refused by `tests/run.sh languages`.

Every language runs the same scenarios, which are data ([how they are written](../tests/bindings/README.md)), against its own
interface. A scenario that a language does not run has its reason below the table.

'''


def scenario_names():
    with open(SCENARIOS, encoding='utf-8') as file:
        return re.findall(r'^scenario (\S+)', file.read(), flags=re.M)


def drivers(build):
    """Names and commands, the interpreters of a language one after the other."""
    told = subprocess.run(['bash', os.path.join(HERE, 'programs.sh'), build, 'scenarios'], stdout=subprocess.PIPE, text=True,
                          check=True).stdout
    return [(line.split()[0], line.split()[1:]) for line in told.splitlines()]


def run(command):
    """What became of each scenario that did not pass: its name, and why."""
    told = subprocess.run(command + [SCENARIOS], stdout=subprocess.PIPE, text=True, check=False).stdout
    if not re.search(r'^\d+ passed, 0 failed, \d+ skipped$', told, flags=re.M):
        raise SystemExit(f'{" ".join(command)}:\n{told}')
    return dict(re.findall(r'^skipped (\w+): (.*)$', told, flags=re.M))


def columns(build):
    return {name: run(command) for name, command in drivers(build)}


def page(seen):
    lines = ['| scenario | ' + ' | '.join(seen) + ' |', '|---|' + '---|' * len(seen)]
    for scenario in scenario_names():
        cells = ['no' if scenario in skipped else 'yes' for skipped in seen.values()]
        lines.append(f'| {scenario} | ' + ' | '.join(cells) + ' |')
    reasons = [f'* {name}, {scenario}: {why}' for name, skipped in seen.items() for scenario, why in skipped.items()]
    return HEAD + '\n'.join(lines + ([''] + reasons if reasons else [])) + '\n'


def column_of(text, name):
    """The scenarios of a column of the page: what stands in it. Empty when there is no such column."""
    rows = [[cell.strip() for cell in line.strip('|').split('|')] for line in text.splitlines() if line.startswith('| ')]
    if not rows or name not in rows[0]:
        return {}
    return {row[0]: row[rows[0].index(name)] for row in rows[1:]}


def main():
    if len(sys.argv) < 2:
        print(__doc__)
        sys.exit(2)
    seen = columns(sys.argv[1])
    if '--check' not in sys.argv:
        with open(PAGE, 'w', encoding='utf-8') as file:
            file.write(page(seen))
        return
    with open(PAGE, encoding='utf-8') as file:
        written = file.read()
    missing = [name for name in seen if not column_of(written, name)]
    stale = [name for name in seen if name not in missing and column_of(written, name) != column_of(page(seen), name)]
    for name in missing:
        print(f'skipped {name}: docs/bindings.md has no such column; tests/bindings/grid.py makes it')
    for name in stale:
        print(f'docs/bindings.md is stale: {name}; tests/bindings/grid.py makes it')
    print(f'{len(seen) - len(stale) - len(missing)} passed, {len(stale)} failed, {len(missing)} skipped')
    sys.exit(1 if stale else 0)


main()
