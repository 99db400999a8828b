#!/usr/bin/env python3
"""reference.py [--check]: writes docs/lua-reference.md, and bindings/lua/library/kith.lua for language servers, from the comments
and functions of the package; with --check only says whether they are stale."""

import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PAGE = os.path.join(ROOT, 'docs', 'lua-reference.md')
META = os.path.join(HERE, 'library', 'kith.lua')

# File, what its functions are called with, the class of language servers.
PARTS = [
    ('init', 'kith', 'kith'), ('endpoint', 'endpoint', 'kith.Endpoint'), ('events', 'endpoint', 'kith.Endpoint'),
    ('waiting', None, None), ('sessions', 'endpoint', 'kith.Endpoint'), ('trust', 'endpoint', 'kith.Endpoint'),
    ('connection', 'connection', 'kith.Connection'), ('listener', 'listener', 'kith.Listener'),
    ('group', 'group', 'kith.Group'), ('signaling', 'signaling', 'kith.Signaling'),
    ('message', 'message', 'kith.Message'), ('key', 'kith.key', 'kith.key'),
    ('certificate', 'kith.certificate', 'kith.certificate'),
]
CLASSES = {'endpoint': 'kith.Endpoint', 'connection': 'kith.Connection', 'listener': 'kith.Listener'}
# What users call by another name, and what they do not call.
RENAMED = {'create': 'kith.endpoint', 'new': 'kith.message'}
HIDDEN = {'from_library'}
DECLARATION = re.compile(
    r'^function (?P<owner>\w+)(?P<dot>[.:])(?P<name>\w+)\((?P<arguments>[^)]*)\)|'
    r'^(?P<owner2>\w+)\.(?P<name2>\w+) = (?:wrap\()?(?P<target>(?:core|config)\.\w+)(?P<value>\(\))?|'
    r'^function fields\.(?P<name3>\w+)\(|^fields\.(?P<name4>\w+) = ')


def library_arguments():
    """What each function of the library takes, but for what it gives back and the sizes of texts."""
    with open(os.path.join(ROOT, 'abi', 'kith.json'), encoding='utf-8') as file:
        functions = json.load(file)['functions']
    unsaid = {'size', 'capacity', 'buffer'}
    return {function['name']: [parameter['name'] for parameter in function['parameters'] if parameter['name'] not in unsaid and
                               parameter.get('ownership') not in ('fills', 'returns')] for function in functions}


def config_arguments():
    with open(os.path.join(HERE, 'kith', 'config.lua'), encoding='utf-8') as file:
        return {name: [argument for argument in arguments.split(', ') if argument]
                for name, arguments in re.findall(r'^function (config\.\w+)\((.*)\)', file.read(), re.MULTILINE)}


ARGUMENTS = {**{name.replace('kith_', 'core.', 1): arguments for name, arguments in library_arguments().items()},
             **config_arguments()}


def declarations(name, prefix):
    """(owner, name, arguments or None, is it a method, comment) of one file."""
    comment = []
    of_object = not (prefix or '').startswith('kith')
    with open(os.path.join(HERE, 'kith', name + '.lua'), encoding='utf-8') as file:
        for line in file:
            if line.startswith('---'):
                comment.append(line[3:].strip())
                continue
            found = DECLARATION.match(line)
            if found:
                owner = found['owner'] or found['owner2'] or 'fields'
                member = found['name'] or found['name2'] or found['name3'] or found['name4']
                arguments, is_alias = found['arguments'], bool(found['owner2'] and not found['value'])
                if is_alias:
                    arguments = ', '.join(ARGUMENTS.get(found['target'], [])[1 if of_object else 0:])
                if member not in HIDDEN and owner not in ('metatable',):
                    yield owner, member, arguments, found['dot'] == ':' or is_alias, ' '.join(comment)
            comment = []


def shown(prefix, owner, member, arguments, is_method):
    if member in RENAMED:
        return f'{RENAMED[member]}({arguments})'
    if arguments is None and not is_method:
        return f'{prefix}.{member}'
    if owner == 'fields':
        return f'message.{member}'
    separator = ':' if is_method and not prefix.startswith('kith') else '.'
    return f'{prefix}{separator}{member}({arguments or ""})'


def page():
    sections = {}
    for name, prefix, _ in PARTS:
        for owner, member, arguments, is_method, comment in declarations(name, prefix):
            place = RENAMED.get(member, '').split('.')[0] or prefix or ('endpoint' if owner == 'waiting' else owner)
            sections.setdefault(place, []).append(
                f'* `{shown(place, owner, member, arguments, is_method)}`{": " if comment else ""}{comment}')
    lines = ['# Reference of the Lua package', '',
             'Made of the package\'s comments by `bindings/lua/reference.py`. [lua.md](lua.md) is the guide.']
    for place, entries in sections.items():
        lines += ['', f'## {place}', '', *entries]
    return '\n'.join(lines) + '\n'


def meta():
    lines = ['---@meta kith', '-- For language servers; made by reference.py.', '']
    for name in sorted({class_name for _, _, class_name in PARTS if class_name}):
        lines += [f'---@class {name}', f'local {name.replace(".", "_").lower()} = {{}}', '']
    for name, prefix, class_name in PARTS:
        for owner, member, arguments, is_method, comment in declarations(name, prefix):
            local = (class_name or CLASSES.get(owner, 'kith.Endpoint')).replace('.', '_').lower()
            if comment:
                lines.append(f'--- {comment}')
            if member in RENAMED:
                lines += ['---@return kith.Endpoint?, string?, string?'] if member == 'create' else ['---@return kith.Message?, string?, string?']
                lines += [f'function {RENAMED[member]}({arguments}) end', '']
                continue
            if owner == 'fields' or (arguments is None and not is_method):
                lines += [f'{local}.{member} = nil', '']
                continue
            separator = ':' if is_method and not (prefix or '').startswith('kith') else '.'
            lines += [f'function {local}{separator}{member}({arguments or ""}) end', '']
    lines.append('return kith')
    return '\n'.join(lines) + '\n'


def main():
    stale = False
    for path, text in ((PAGE, page()), (META, meta())):
        if '--check' in sys.argv:
            with open(path, encoding='utf-8') as file:
                if file.read() != text:
                    stale = True
                    print(f'{os.path.relpath(path, ROOT)} is stale: bindings/lua/reference.py writes it anew')
        else:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, 'w', encoding='utf-8') as file:
                file.write(text)
    sys.exit(stale)


main()
