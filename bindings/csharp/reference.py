#!/usr/bin/env python3
"""reference.py KITH.XML [--check]: docs/csharp-reference.md, from the assembly's XML documentation; --check: whether the page is that."""

import glob
import os
import re
import sys
import xml.etree.ElementTree as ElementTree

HERE = os.path.dirname(os.path.abspath(__file__))
PAGE = os.path.join(HERE, '../../docs/csharp-reference.md')
HEAD = '''# C#, everything

Made by `bindings/csharp/reference.py` from the XML documentation of the assembly; what is changed here by hand is refused by
`tests/run.sh csharp`. The [guide](csharp.md) comes first.
'''
WORDS = {'Boolean': 'bool', 'Byte': 'byte', 'Int32': 'int', 'Int64': 'long', 'Object': 'object', 'String': 'string',
         'UInt16': 'ushort', 'UInt32': 'uint', 'UInt64': 'ulong', 'Single': 'float', 'Double': 'double'}


def plain(name):
    """A name of the documentation as C# writes it: no namespaces, generics in angle brackets."""
    name = re.sub(r'\b(?:\w+\.)+(?=\w)', '', name).replace('{', '<').replace('}', '>').replace('@', '')
    name = re.sub(r'System\.Nullable<(\w+)>|Nullable<(\w+)>', lambda found: (found[1] or found[2]) + '?', name)
    name = re.sub(r'`+\d+', '', name)
    return re.sub(r'\w+', lambda found: WORDS.get(found[0], found[0]), name).replace(',', ', ')


def split(identifier):
    """(kind, type, member, arguments) of an identifier; of a type the member is ''."""
    kind, rest = identifier.split(':', 1)
    path, _, arguments = rest.partition('(')
    if kind == 'T':
        return kind, path, '', ''
    owner, _, member = path.rpartition('.')
    return kind, owner, member, arguments.split(')')[0]


def shown(identifier):
    kind, owner, member, arguments = split(identifier)
    if kind == 'T':
        return plain(owner)
    if kind == 'M':
        name = 'new ' + plain(owner) if member == '#ctor' else re.sub(r'`+\d+', '', member)
        return f'{name}({plain(arguments)})'
    return f'{member}[{plain(arguments)}]' if arguments else member


def text(element):
    """What an element says, its references as code."""
    said = element.text or ''
    for child in element:
        name = child.get('cref') or child.get('langword') or child.get('name')
        if child.get('cref'):
            name = shown(name)
        said += f'`{name}`' if name else f'`{text(child)}`' if child.tag == 'c' else text(child)
        said += child.tail or ''
    return ' '.join(said.split())


def entry(member):
    parts = [text(member.find('summary'))]
    parts += [f'`{each.get("name")}`: {text(each)}' for each in member.findall('param')]
    parts += [f'Returns: {text(each)}' for each in member.findall('returns')]
    parts += [f'Throws `{shown(each.get("cref"))}`: {text(each)}' for each in member.findall('exception')]
    return ' '.join(part for part in parts if part)


def hidden():
    """What the compiler documents though users cannot see it: 'Type' and 'Type.Member' of what the sources call internal or private."""
    found = set()
    for path in glob.glob(os.path.join(HERE, 'Kith', '*.cs')):
        owner, documented = '', False
        with open(path, encoding='utf-8') as file:
            for line in map(str.strip, file):
                kind = re.search(r'^[a-z ]*\b(?:class|struct|interface|enum) (\w+)', line)
                owner = kind[1] if kind else owner
                if documented and re.match(r'internal|private|void|(?!public)\w+ \w+\(', line):
                    name = re.search(r'(\w+)(?=\(| =>| =|;| \{|$)', line)
                    found.add(owner if kind else f'{owner}.{name[1]}')
                documented = line.startswith('///') or documented and line.startswith('[')
    return found


def page(path):
    kinds, members, unseen = {}, {}, hidden()
    for member in ElementTree.parse(path).getroot().iter('member'):
        kind, owner, name, _ = split(member.get('name'))
        if owner.startswith('Kith.Interop') or member.find('summary') is None or name.startswith('op_'):
            continue
        simple = owner.rpartition('.')[2]
        if simple in unseen or f'{simple}.{name}' in unseen:
            continue
        if kind == 'T':
            kinds[owner] = entry(member)
        else:
            members.setdefault(owner, []).append(f'* `{shown(member.get("name"))}`: {entry(member)}')
    parts = [HEAD]
    for owner in sorted(kinds):
        parts.append(f'\n## {plain(owner)}\n\n{kinds[owner]}\n')
        if owner in members:
            parts.append('\n' + '\n'.join(members[owner]) + '\n')
    return ''.join(parts)


made = page(sys.argv[1])
if '--check' in sys.argv:
    with open(PAGE, encoding='utf-8') as file:
        good = file.read() == made
    print('1 passed, 0 failed' if good else 'docs/csharp-reference.md is stale: run bindings/csharp/reference.py\n0 passed, 1 failed')
    sys.exit(0 if good else 1)
with open(PAGE, 'w', encoding='utf-8') as file:
    file.write(made)
