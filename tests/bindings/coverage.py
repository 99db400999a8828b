#!/usr/bin/env python3
"""coverage.py python|lua|csharp: whether a binding uses every public function of abi/kith.json.
coverage.py c CALLS: whether the scenarios reach every one, by what LD_DEBUG=bindings says of their driver.

Of a binding only what is written by hand counts, not what SWIG makes of the headers. What it has no use for stands in
bindings/LANGUAGE/missing.txt (what no scenario reaches, in tests/bindings/unreached.txt), "NAME: reason" a line. Prints
a line for each problem, then N passed, N failed.
"""

import json
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# Where a language's own sources are, and how they name the function kith_x_y.
LANGUAGES = {
    'python': ('bindings/python', ('.py', '.c'), 'bindings/python/missing.txt', lambda name: {name[5:], name}),
    'lua': ('bindings/lua', ('.lua', '.c'), 'bindings/lua/missing.txt', lambda name: {name[5:], name}),
    'csharp': ('bindings/csharp', ('.cs', '.c'), 'bindings/csharp/missing.txt',
               lambda name: {name[5:], name, name[5:].title().replace('_', '')}),
}
# Not part of a binding: what tests, examples, benchmarks and builds have.
NOT_OURS = {'tests', 'test', 'examples', 'bench', 'build', 'obj', 'bin', 'generated', '__pycache__', 'three', 'languages'}
COMMENTS = {'.c': r'/\*.*?\*/|//[^\n]*', '.cs': r'/\*.*?\*/|//[^\n]*', '.py': r'""".*?"""|#[^\n]*', '.lua': r'--\[\[.*?\]\]|--[^\n]*'}


def sources(folder, endings):
    """The text of every source of a folder, without comments."""
    for path, folders, files in os.walk(os.path.join(ROOT, folder)):
        folders[:] = sorted(name for name in folders if name.lower() not in NOT_OURS)
        for name in sorted(files):
            ending = os.path.splitext(name)[1]
            if ending in endings:
                with open(os.path.join(path, name), encoding='utf-8') as file:
                    yield re.sub(COMMENTS[ending], ' ', file.read(), flags=re.S)


def calls(path):
    """The functions that the dynamic linker has bound for the driver: it does that at the first call."""
    with open(path, encoding='utf-8') as file:
        return set(re.findall(r'binding file \S*scenario_driver \[0\] to \S*libkith\S* .*symbol `(kith_\w+)\'', file.read()))


def exceptions(path):
    """The names of a list, with their reasons; and what is wrong with it."""
    listed, problems = {}, []
    if os.path.exists(os.path.join(ROOT, path)):
        with open(os.path.join(ROOT, path), encoding='utf-8') as file:
            for number, line in enumerate(file, 1):
                name, _, reason = line.strip().partition(':')
                if not line.strip() or line.startswith('#'):
                    continue
                if not reason.strip():
                    problems.append(f'{path}:{number}: {name}: there is no reason')
                listed[name] = reason.strip()
    return listed, problems


def judge(functions, words, list_path, spellings):
    """What is wrong: functions that nobody uses, and lines of the list that are not so."""
    listed, problems = exceptions(list_path)
    for name in functions:
        used = bool(spellings(name) & words)
        if used and name in listed:
            problems.append(f'{list_path}: {name} is used')
        if not used and name not in listed:
            problems.append(f'{name} is not used, and is not in {list_path}')
    problems += [f'{list_path}: there is no function {name}' for name in listed if name not in functions]
    return problems


def main():
    language = sys.argv[1] if len(sys.argv) > 1 else ''
    if (len(sys.argv), language) != (3, 'c') and (len(sys.argv) != 2 or language not in LANGUAGES):
        print(__doc__)
        sys.exit(2)
    with open(os.path.join(ROOT, 'abi/kith.json'), encoding='utf-8') as file:
        functions = [function['name'] for function in json.load(file)['functions']]
    if language == 'c':
        problems = judge(functions, calls(sys.argv[2]), 'tests/bindings/unreached.txt', lambda name: {name})
    else:
        folder, endings, list_path, spellings = LANGUAGES[language]
        words = set(re.findall(r'[A-Za-z_][A-Za-z0-9_]*', '\n'.join(sources(folder, endings))))
        problems = judge(functions, words, list_path, spellings)
    print('\n'.join(problems))
    print(f'{max(len(functions) - len(problems), 0)} passed, {len(problems)} failed')
    sys.exit(1 if problems else 0)


main()
