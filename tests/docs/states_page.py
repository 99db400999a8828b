"""Prints docs/states.md, made of src/core/conn: the table of states and whoever moves a connection."""

import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FOLDER = 'src/core/conn'
STATE = r'STATE_(\w+)'


def read(path):
    with open(os.path.join(ROOT, path), encoding='utf-8') as file:
        return file.read()


def plain(comment):
    """A C comment as one line of text."""
    return ' '.join(re.sub(r'^\s*\*', '', line).strip() for line in comment.splitlines()).strip()


def diagram(source):
    """The comment above the table, from its first drawn line to its last."""
    comment = source[source.index('/* The life of a connection.'):source.index('#define BIT')]
    lines = [line[2:].rstrip() for line in comment.splitlines() if line.startswith(' *')]
    drawn = [number for number, line in enumerate(lines) if re.search(r'[-+|]|DEAD|CONNECTING', line)]
    return '\n'.join(lines[drawn[0]:next(n for n in drawn if 'DEAD' in lines[n]) + 1])


def rows(source):
    """(state, what it is, the states it may become), as in the table."""
    table = source[source.index('next_states[] = {'):source.index('};', source.index('next_states[] = {'))]
    pattern = r'/\*(.*?)\*/\s*\[' + STATE + r' \+ 3\] =(.*?)(?=/\*|\Z)'
    for comment, state, body in re.findall(pattern, table, re.S):
        yield state, plain(comment), re.findall(r'BIT\(' + STATE + r'\)', body)


def movers():
    """(file, function, states it may ask for), from the calls in the room."""
    for name in sorted(os.listdir(os.path.join(ROOT, FOLDER))):
        if not name.endswith('.c'):
            continue
        function = None
        found = {}
        for line in read(os.path.join(FOLDER, name)).splitlines():
            match = re.match(r'\w[\w\s*]*?\b(\w+)\(', line)
            if match and not line.endswith(';'):
                function = match.group(1)
            if 'conn_state_enter(' in line and function and function != 'conn_state_enter':
                asked = re.findall(STATE, line.split('conn_state_enter(')[1].split('?')[-1])
                found.setdefault(function, [])
                found[function] += [state for state in asked if state not in found[function]]
        for function, states in found.items():
            yield name, function, states


def visible():
    """States that applications see."""
    header = read('src/core/types/event.h')
    return [name for name, value in re.findall(STATE + r' = (-?\d+)', header) if int(value) > 0]


def main():
    source = read(os.path.join(FOLDER, 'conn_state.c'))
    seen = visible()
    print('# States of a connection\n')
    print('Made of `src/core/conn/conn_state.c` by `tests/docs/states_page.py`; change that file, not this page.\n')
    print('```')
    print(diagram(source))
    print('```\n')
    print('| state | what it is | may become | applications see it |')
    print('|---|---|---|---|')
    for state, text, following in rows(source):
        print(f'| {state} | {text} | {", ".join(following) or "-"} | {"yes" if state in seen else "no"} |')
    print('\nWhat is not in the table does not happen: `conn_state_enter` ignores it.\n')
    print('## Who moves it\n')
    print('| file | function | to |')
    print('|---|---|---|')
    for name, function, states in movers():
        print(f'| `{name}` | `{function}` | {", ".join(states)} |')
    return 0


if __name__ == '__main__':
    sys.exit(main())
