"""reference.py [--check]: docs/python-reference.md, from the docstrings of the package; --check: whether the page is that."""

import inspect
import os
import sys

import kith

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../../docs/python-reference.md')
HEAD = '''# Python, everything

Made by `tests/bindings/python/reference.py` from the docstrings; what is changed here by hand is refused by `tests/run.sh python`. The
[guide](python.md) comes first.
'''


def text(thing):
    return ' '.join((inspect.getdoc(thing) or '').split())


def signature(thing):
    try:
        said = str(inspect.signature(thing)).replace("'", '').replace('kith.', '')
    except (TypeError, ValueError):
        return '(...)'
    for module in ('connection', 'endpoint', 'enums', 'events', 'group', 'keys', 'listener', 'message', 'pending', 'stats', 'values',
                   'config', 'sessions', 'signaling', 'trust', 'errors', 'log'):
        said = said.replace(f' {module}.', ' ').replace(f'[{module}.', '[')
    return said.replace('typing.', '').replace('(self, ', '(').replace('(self)', '()').replace('(cls, ', '(').replace('(cls)', '()')


def members(cls):
    for name, member in vars(cls).items():
        plain = member.__func__ if isinstance(member, (classmethod, staticmethod)) else member
        if name.startswith('_'):
            continue
        if isinstance(member, property):
            yield f'* `{name}`: {text(member)}'
        elif inspect.isfunction(plain):
            yield f'* `{name}{signature(plain)}`: {text(plain)}'


def page():
    parts = [HEAD]
    for name in kith.__all__:
        thing = getattr(kith, name)
        if inspect.isclass(thing):
            parts.append(f'\n## {name}\n\n{text(thing)}\n')
            if issubclass(thing, int):
                listed = ', '.join(f'`{member.name}` {member.value}' for member in thing.__members__.values())
                parts.append(f'\n{listed}\n')
            elif getattr(thing, '__dataclass_fields__', None) or hasattr(thing, '_fields'):
                listed = ', '.join(f'`{field}`' for field in getattr(thing, '__dataclass_fields__', None) or thing._fields)
                parts.append(f'\nFields: {listed}.\n')
            listed = '\n'.join(members(thing))
            parts.append(f'\n{listed}\n' if listed else '')
        elif inspect.ismodule(thing):
            parts.append(f'\n## {name}\n\n{text(thing)}\n\n')
            parts += [f'* `{key}{signature(value)}`: {text(value)}\n' for key, value in vars(thing).items()
                      if inspect.isfunction(value) and not key.startswith('_') and value.__module__ == thing.__name__]
        elif callable(thing):
            parts.append(f'\n## {name}\n\n`{name}{signature(thing)}`: {text(thing)}\n')
    return ''.join(parts)


made = page()
if '--check' in sys.argv:
    with open(PAGE, encoding='utf-8') as file:
        good = file.read() == made
    print('1 passed, 0 failed' if good else 'docs/python-reference.md is stale: run tests/bindings/python/reference.py\n0 passed, 1 failed')
    sys.exit(0 if good else 1)
with open(PAGE, 'w', encoding='utf-8') as file:
    file.write(made)
