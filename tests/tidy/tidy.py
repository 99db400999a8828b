#!/usr/bin/env python3
"""Checks the sources against the rules of docs/style.md. Run from anywhere; prints one line a problem.

Exceptions stand in ratchet.txt as "rule path:place measure reason"; a measure may only shrink, and a
line that is no longer needed is a failure too.
"""

import os
import subprocess
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, HERE)

import canaries
import lists
import rules
from source import Source


def sources_of(root):
    """Tracked files and new ones that git would track; all there are outside a git work tree."""
    command = ['git', '-C', root, 'ls-files', '-co', '--exclude-standard', '--', 'src', 'include', 'tests', 'examples']
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    paths = found.stdout.split('\n') if found.returncode == 0 else [
        os.path.relpath(os.path.join(folder, name), root)
        for top in ('src', 'include', 'tests', 'examples') for folder, _, names in os.walk(os.path.join(root, top))
        for name in names]
    return sorted({path for path in paths if path.endswith(('.c', '.h')) and os.path.exists(os.path.join(root, path))
                   and not path.startswith('tests/support/inproc/')})


def read_ratchet():
    exceptions = {}
    with open(os.path.join(HERE, 'ratchet.txt'), encoding='utf-8') as file:
        for line in file:
            words = line.split(None, 3)
            if words and not line.startswith('#'):
                exceptions[(words[0], words[1])] = int(words[2])
    return exceptions


def judge(name, problems, exceptions, used):
    """Prints what the ratchet does not excuse; returns whether the rule holds."""
    holds = True
    for path, place, measure, message in problems:
        key = (name, f'{path}:{place}' if place != '' and not isinstance(place, int) else path)
        allowed = exceptions.get(key)
        if allowed is not None:
            used.setdefault(key, 0)
            used[key] = max(used[key], measure)
            if measure <= allowed:
                continue
        holds = False
        print(f'{path}:{place}: {message} ({name})' if place != '' else f'{path}: {message} ({name})')
    return holds


def main():
    paths = sources_of(ROOT)
    sources = []
    for path in paths:
        with open(os.path.join(ROOT, path), encoding='utf-8') as file:
            sources.append(Source(path, file.read()))
    exceptions = read_ratchet()
    used = {}
    results = []
    for rule in rules.RULES:
        broken = canaries.check(rule)
        if broken:
            print(f'tests/tidy: rule {rule.__name__} {broken}')
        results.append(judge(rule.__name__, rule(sources), exceptions, used) and not broken)
    results.append(judge('forgotten', lists.forgotten(ROOT, paths), exceptions, used))
    slack = [key for key, allowed in exceptions.items() if used.get(key, 0) < allowed]
    for rule, place in slack:
        print(f'tests/tidy/ratchet.txt: {rule} {place} is {used.get((rule, place), 0) or "not needed"} now: tighten it')
    results.append(not slack)
    print(f'{sum(results)} passed, {len(results) - sum(results)} failed, 0 skipped')
    return 0 if all(results) else 1


if __name__ == '__main__':
    sys.exit(main())
