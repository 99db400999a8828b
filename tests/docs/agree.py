#!/usr/bin/env python3
"""Checks that what is written agrees with abi/kith.json: names of the interface in the pages and examples exist,
every stage has its section in docs/troubleshooting.md, every figure its row in docs/statistics.md."""

import glob
import json
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# Names of the project that no header has.
ELSEWHERE = {
    'kith_cli',  # a target of CMake
    'kith_messages', 'kith_peer',  # programs of tests/interop
    'kith_to_it',  # a field of `kith bench --json`
}
FIGURES = ('kith_status', 'kith_lane_status', 'kith_statistics')


def read(path):
    with open(os.path.join(ROOT, path), encoding='utf-8') as file:
        return file.read()


def interface():
    return json.loads(read('abi/kith.json'))


def known_names(abi):
    """Everything that has a name; of the headers what is only there: macros, and a type that is a number."""
    names = {entry['name'] for kind in ('constants', 'handles', 'opaque', 'structs', 'callbacks', 'functions')
             for entry in abi[kind]}
    for path in glob.glob(os.path.join(ROOT, 'include/kith/*.h')):
        names |= {name for pair in re.findall(r'^#define (KITH_\w+)|^typedef \w+ (kith_\w+);', read(path), flags=re.M)
                  for name in pair}
    return names


def build_options():
    """Options of the build, and variables that the scripts of the tests and examples read."""
    text = read('CMakeLists.txt')
    for folder in ('tests', 'src', 'bindings', 'examples'):
        for pattern in ('**/CMakeLists.txt', '**/*.cmake', '**/*.sh', '**/*.py'):
            for path in glob.glob(os.path.join(ROOT, folder, pattern), recursive=True):
                text += read(path)
    return set(re.findall(r'\bKITH_[A-Z0-9_]+\b', text))


def pages():
    found = [path for pattern in ('README.md', 'docs/*.md', 'abi/README.md', 'examples/*', 'bindings/*/README.md')
             for path in glob.glob(os.path.join(ROOT, pattern))]
    return sorted(os.path.relpath(path, ROOT) for path in found if os.path.isfile(path))


def is_known(word, names, page):
    """`word` may end as a pattern does: KITH_STAGE_*, KITH_E_…"""
    if word in names or word in ELSEWHERE:
        return True
    return word.endswith('_') and re.search(rf'{word}[*…]', page) and any(name.startswith(word) for name in names)


def check_names(abi):
    names, options = known_names(abi), build_options()
    unused = set(ELSEWHERE)
    for path in pages():
        page = read(path)
        unused -= set(re.findall(r'\w+', page))
        for word in sorted(set(re.findall(r'(?<![\w/.-])(?:kith_|KITH_(?!\d))\w+', page))):
            yield is_known(word, names, page) or word in options, f'{path}: there is no {word}'
    yield not unused, f'no page has {unused}'


def check_members(abi):
    """`event.state` in a page's C, and "`state` of `struct kith_event`" in its prose."""
    fields = {struct['name']: {field['name'] for field in struct['fields']} for struct in abi['structs']}
    for path in pages():
        page = read(path)
        for field, struct in re.findall(r'`(\w+)` of\s+`(?:struct )?(kith_\w+)`', page):
            yield field in fields.get(struct, ()), f'{path}: {struct} has no {field}'
        if not path.endswith('.md'):
            continue  # the compiler knows better
        variables = dict(re.findall(r'struct (kith_\w+) (\w+) =', page))
        for struct, variable in variables.items():
            for field in set(re.findall(rf'\b{variable}\.(\w+)', page)):
                yield field in fields.get(struct, ()), f'{path}: {struct} has no {field}'


def check_stages():
    page = read('docs/troubleshooting.md')
    stages = re.findall(r'X\((\w+), \d+, "([^"]+)"\)', read('include/kith/diagnosis.h'))
    sections = re.findall(r'^## ([A-Z_]+): (.*)$', page, flags=re.M)
    yield bool(stages) and sections == stages, ('docs/troubleshooting.md: the sections are not the stages: '
                                                f'{sorted(set(stages) ^ set(sections))}')
    for name, _ in stages:
        body = page.split(f'\n## {name}:')[-1].split('\n## ')[0]
        seen = re.search(rf'^    {name}: ', body, flags=re.M)
        yield bool(seen) == (name not in ('NONE', 'CLOSED')), f'docs/troubleshooting.md: how does {name} look?'


def check_figures(abi):
    page = read('docs/statistics.md')
    for struct in abi['structs']:
        if struct['name'] not in FIGURES:
            continue
        section = page.split(f"`struct {struct['name']}`\n")[-1].split('\n## ')[0]
        for field in struct['fields']:
            yield f"`{field['name']}`" in section, f"docs/statistics.md: {field['name']} of {struct['name']} is missing"
    diagnosis = next(struct for struct in abi['structs'] if struct['name'] == 'kith_diagnosis')
    page = read('docs/troubleshooting.md')
    for field in diagnosis['fields']:
        yield field['name'] in ('struct_size', 'reserved', 'state', 'text') or f"`{field['name']}`" in page, \
            f"docs/troubleshooting.md: {field['name']} is missing"


def main():
    abi = interface()
    results = [*check_names(abi), *check_members(abi), *check_stages(), *check_figures(abi)]
    problems = [text for good, text in results if not good]
    print('\n'.join(problems))
    print(f'{len(results) - len(problems)} passed, {len(problems)} failed, 0 skipped')
    return bool(problems)


if __name__ == '__main__':
    sys.exit(main())
