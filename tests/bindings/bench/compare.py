#!/usr/bin/env python3
"""compare.py BUILD [--messages N] [--rounds N] [--only NAME]: what a message costs in every language, and in C.

The programs follow the protocol of tests/bindings/README.md. They run in turns, so that what else the machine does concerns all of them alike;
a ratio is the median over the rounds, each of which compares with C's run of that round.

With --memory it prints no ratios, but fails when a program has more memory at the end than after warming up, by more
than 8 MiB: 8 bytes a message of a million.
"""

import argparse
import os
import statistics
import subprocess
import sys

BINDINGS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# At most so many times C's cost; the first words of names.
TARGETS = {'python': 3.0, 'lua5.4': 2.0, 'csharp': 1.5}
GROWTH_KIB = 8192


def programs(build):
    """Names and commands, C first."""
    told = subprocess.run(['bash', os.path.join(BINDINGS, 'programs.sh'), build, 'bench'], stdout=subprocess.PIPE, text=True,
                          check=True).stdout
    return [(line.split()[0], line.split()[1:]) for line in told.splitlines()]


def measure(command, messages):
    """Nanoseconds a message, and by how many KiB the memory grew."""
    told = subprocess.run(command + [str(messages)], stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    if len(told) != 4 or int(told[0]) < messages:
        raise SystemExit(f'{" ".join(command)} does not keep to the protocol: {" ".join(told)}')
    return int(told[1]) / int(told[0]), int(told[3]) - int(told[2])


def compare(found, messages, rounds):
    costs = {name: [] for name, _ in found}
    for _ in range(rounds):
        for name, command in found:
            costs[name].append(measure(command, messages)[0])
    print(f'{"program":<12} {"ns a message":>12} {"times C":>8} {"at most":>8}')
    for name, _ in found:
        ratio = statistics.median(cost / c for cost, c in zip(costs[name], costs['c']))
        target = next((most for prefix, most in TARGETS.items() if name.startswith(prefix)), None)
        remark = f'{target:8.1f}' + (' missed' if ratio > target else '') if target else ''
        print(f'{name:<12} {statistics.median(costs[name]):12.0f} {ratio:8.2f} {remark}'.rstrip())
    return 0


def watch_memory(found, messages):
    failed = 0
    for name, command in found:
        growth = measure(command, messages)[1]
        failed += growth > GROWTH_KIB
        print(f'{name:<12} {growth:7} KiB more after {messages} messages{": too much" if growth > GROWTH_KIB else ""}', flush=True)
    print(f'{len(found) - failed} passed, {failed} failed')
    return 1 if failed else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    parser.add_argument('build')
    parser.add_argument('--messages', type=int, default=1000000)
    parser.add_argument('--rounds', type=int, default=5)
    parser.add_argument('--only', help='C and the program of this name')
    parser.add_argument('--memory', action='store_true', help='whether memory grows')
    arguments = parser.parse_args()
    found = [entry for entry in programs(arguments.build) if arguments.only in (None, entry[0]) or entry[0] == 'c']
    sys.exit(watch_memory(found, arguments.messages) if arguments.memory
             else compare(found, arguments.messages, arguments.rounds))


main()
