#!/usr/bin/env python3
"""Makes abi/kith.json, the description of the public interface, from include/kith/*.h.

    describe.py FOLDER_OF_INCLUDE MAP [--check FILE]

Prints the description, or with --check says whether FILE is it. Headers are read by libclang; what a
type cannot tell (ownership, results, since when) comes from the manual's own words in the comments,
whose form is therefore part of the rules: "borrows", "takes" or "returns" for what a pointer
parameter does, "KITH_..." in @return, "Since N.N." at the end.
"""

import json
import os
import re
import sys

import clang.cindex
from clang.cindex import CursorKind, TypeKind

SCALARS = {
    TypeKind.VOID: 'void', TypeKind.CHAR_S: 'i8', TypeKind.SCHAR: 'i8', TypeKind.UCHAR: 'u8', TypeKind.SHORT: 'i16',
    TypeKind.USHORT: 'u16', TypeKind.INT: 'i32', TypeKind.UINT: 'u32', TypeKind.LONG: 'i64', TypeKind.ULONG: 'u64',
    TypeKind.LONGLONG: 'i64', TypeKind.ULONGLONG: 'u64', TypeKind.DOUBLE: 'f64',
}
HANDLES = ('kith_endpoint', 'kith_connection', 'kith_listener', 'kith_poll_group', 'kith_signaling')
problems = []


def complain(where, what):
    problems.append(f'{where}: {what}')


def comment_text(cursor):
    """The manual of a declaration, without the stars."""
    raw = cursor.raw_comment or ''
    lines = [re.sub(r'^\s*(/\*\*?|\*/|\*)?[ ]?', '', line) for line in raw.split('\n')]
    return '\n'.join(re.sub(r'\s*\*/$', '', line).rstrip() for line in lines).strip()


def since_of(text):
    match = re.search(r'Since (\d+\.\d+)\.', text)
    return match.group(1) if match else None


def describe_type(ctype):
    """What a foreign function interface has to know of a type."""
    named = ctype.spelling.replace('const ', '')
    canonical = ctype.get_canonical()
    out = {'c': ctype.spelling}
    if canonical.kind == TypeKind.POINTER:
        target = canonical.get_pointee()
        out['kind'] = 'pointer'
        if target.kind == TypeKind.FUNCTIONPROTO:
            out['kind'] = 'callback'
            out['of'] = named
            return out
        out['const'] = target.is_const_qualified()
        out['to'] = describe_type(ctype.get_pointee() if ctype.kind == TypeKind.POINTER else target)
    elif canonical.kind == TypeKind.RECORD:
        out['kind'] = 'struct'
        out['of'] = canonical.get_declaration().spelling
    elif canonical.kind == TypeKind.CONSTANTARRAY:
        out['kind'] = 'array'
        out['count'] = canonical.element_count
        out['to'] = describe_type(ctype.element_type)
    elif named in HANDLES:
        out['kind'] = 'handle'
        out['of'] = named
    elif canonical.kind in SCALARS:
        out['kind'] = 'size' if named == 'size_t' else SCALARS[canonical.kind]
        if named == 'kith_result':
            out['of'] = named
    else:
        complain(ctype.spelling, 'not a type of the interface')
        out['kind'] = 'unknown'
    return out


def parameter_words(text):
    """The manual's paragraph of each @param."""
    words = {}
    for match in re.finditer(r'@param\s+(\w+)\s+(.*?)(?=\n\s*@|\n\n|\Z)', text, flags=re.S):
        words[match.group(1)] = ' '.join(match.group(2).split())
    return words


def ownership_of(kind, name, words):
    if kind['kind'] == 'callback':
        return 'borrows'
    if kind['kind'] != 'pointer':
        return None
    for word in ('takes', 'returns', 'borrows'):
        if re.search(rf'\b{word}\b', words, flags=re.I):
            return word
    return 'fills' if name.startswith('out_') or not kind['const'] else 'borrows'


def describe_parameters(cursor, text):
    words = parameter_words(text)
    out = []
    for argument in cursor.get_arguments():
        kind = describe_type(argument.type)
        entry = {'name': argument.spelling, 'type': kind}
        manual = words.pop(argument.spelling, '')
        if manual:
            entry['manual'] = manual
        owner = ownership_of(kind, argument.spelling, manual)
        if owner:
            entry['ownership'] = owner
            entry['null'] = bool(re.search(r'\bnull\b', manual, flags=re.I)) or 'may be null' in manual
        out.append(entry)
    for name in words:
        complain(cursor.spelling, f'the manual has a parameter {name} that the function has not')
    return out


def results_of(text):
    match = re.search(r'@return(.*?)(?=\n\n|\Z)', text, flags=re.S)
    return sorted(set(re.findall(r'\bKITH_(OK|E_\w+)\b', match.group(1) if match else text)))


def describe_function(cursor, header, nodes):
    text = comment_text(cursor)
    name = cursor.spelling
    if not text:
        complain(name, 'has no manual')
    if since_of(text) is None:
        complain(name, 'does not say since when it exists')
    if name not in nodes:
        complain(name, 'is in no version node of the linker map')
    return {
        'name': name,
        'header': header,
        'node': nodes.get(name),
        'since': since_of(text),
        'result': describe_type(cursor.result_type),
        'results': results_of(text),
        'parameters': describe_parameters(cursor, text),
        'manual': text,
    }


def describe_struct(cursor, header):
    fields = []
    for field in cursor.get_children():
        if field.kind != CursorKind.FIELD_DECL:
            continue
        fields.append({
            'name': field.spelling,
            'offset': cursor.type.get_offset(field.spelling) // 8,
            'size': field.type.get_size(),
            'type': describe_type(field.type),
            'manual': comment_text(field),
        })
    return {
        'name': cursor.spelling,
        'header': header,
        'size': cursor.type.get_size(),
        'align': cursor.type.get_align(),
        'versioned': bool(fields) and fields[0]['name'] == 'struct_size',
        'fields': fields,
        'manual': comment_text(cursor),
    }


def describe_callback(cursor, header):
    proto = cursor.underlying_typedef_type.get_canonical().get_pointee()
    names = [child.spelling for child in cursor.get_children() if child.kind == CursorKind.PARM_DECL]
    types = list(proto.argument_types())
    return {
        'name': cursor.spelling,
        'header': header,
        'result': describe_type(proto.get_result()),
        'parameters': [{'name': name, 'type': describe_type(kind)} for name, kind in zip(names, types)],
        'manual': comment_text(cursor),
    }


def read_nodes(path):
    """Which version node of the linker map a function is in."""
    nodes, node = {}, None
    with open(path, encoding='utf-8') as file:
        for line in file:
            match = re.match(r'(KITH\w*_[\d.]+) *\{', line)
            if match:
                node = match.group(1)
            match = re.match(r'\s+(kithx?_\w+);', line)
            if match:
                nodes[match.group(1)] = node
    return nodes


def macro_constants(unit, folder):
    """Integer macros; what only compiles (attributes, initial values, maps) is left out."""
    for cursor in unit.cursor.get_children():
        file = cursor.location.file
        if cursor.kind != CursorKind.MACRO_DEFINITION or file is None or not file.name.startswith(folder):
            continue
        tokens = [token.spelling for token in cursor.get_tokens()][1:]
        text = ''.join(tokens)
        text = re.sub(r'^INT64_C\((.*)\)$', r'\1', text)
        if cursor.spelling.startswith('KITH_') and re.fullmatch(r'-?(0x[0-9a-fA-F]+|\d+)', text):
            yield cursor.spelling, int(text, 0), os.path.basename(file.name)


def describe(folder, map_path):
    main = os.path.join(folder, 'kith', 'kith.h')
    include = os.path.join(os.path.abspath(folder), 'kith') + os.sep
    index = clang.cindex.Index.create()
    resources = [f'-I{path}' for path in sorted(resource_folders())]
    unit = index.parse(os.path.abspath(main), args=['-std=c11', f'-I{os.path.abspath(folder)}', *resources],
                       options=clang.cindex.TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD)
    for diagnostic in unit.diagnostics:
        if diagnostic.severity >= clang.cindex.Diagnostic.Error:
            complain(str(diagnostic.location), diagnostic.spelling)
    nodes = read_nodes(map_path)
    out = {'library': 'kith', 'constants': [], 'handles': [], 'opaque': [], 'structs': [], 'callbacks': [], 'functions': []}
    for name, value, header in macro_constants(unit, include):
        out['constants'].append({'name': name, 'value': value, 'header': header})
    for cursor in unit.cursor.get_children():
        file = cursor.location.file
        if file is None or not file.name.startswith(include):
            continue
        add_declaration(out, cursor, os.path.basename(file.name), nodes)
    described = {function['name'] for function in out['functions']}
    # kith/glib.h names types of GLib, which no binding needs: it is not part of the description.
    with open(os.path.join(folder, 'kith', 'glib.h'), encoding='utf-8') as file:
        described |= set(re.findall(r'\bkith_\w+(?=\()', file.read()))
    for name in sorted(set(nodes) - described):
        complain(name, 'is exported but in no header')
    for key in ('constants', 'structs', 'callbacks', 'functions', 'handles', 'opaque'):
        out[key].sort(key=lambda entry: entry['name'])
    return out


def add_declaration(out, cursor, header, nodes):
    if cursor.kind == CursorKind.FUNCTION_DECL:
        out['functions'].append(describe_function(cursor, header, nodes))
    elif cursor.kind == CursorKind.ENUM_DECL:
        for value in cursor.get_children():
            out['constants'].append({'name': value.spelling, 'value': value.enum_value, 'header': header,
                                     **({'manual': comment_text(value)} if comment_text(value) else {})})
    elif cursor.kind == CursorKind.STRUCT_DECL and cursor.is_definition():
        out['structs'].append(describe_struct(cursor, header))
    elif cursor.kind == CursorKind.TYPEDEF_DECL:
        target = cursor.underlying_typedef_type.get_canonical()
        if target.kind == TypeKind.POINTER and target.get_pointee().kind == TypeKind.FUNCTIONPROTO:
            out['callbacks'].append(describe_callback(cursor, header))
        elif target.kind == TypeKind.RECORD:
            out['opaque'].append({'name': cursor.spelling, 'header': header, 'manual': comment_text(cursor)})
        elif cursor.spelling in HANDLES:
            out['handles'].append({'name': cursor.spelling, 'header': header, 'manual': comment_text(cursor)})
        elif cursor.spelling != 'kith_result':
            complain(cursor.spelling, 'a typedef that the rules do not know')


def resource_folders():
    """stddef.h and its like come with the compiler; the library of the same version has them."""
    base = '/usr/lib/llvm-14/lib/clang'
    return [os.path.join(base, version, 'include') for version in (os.listdir(base) if os.path.isdir(base) else [])]


def main():
    folder, map_path = sys.argv[1:3]
    text = json.dumps(describe(folder, map_path), indent=1, ensure_ascii=False) + '\n'
    if problems:
        print('\n'.join(problems), file=sys.stderr)
        return 1
    if len(sys.argv) > 4 and sys.argv[3] == '--check':
        with open(sys.argv[4], encoding='utf-8') as file:
            if file.read() == text:
                return 0
        print(f'{sys.argv[4]} is not what the headers say: abi/README.md tells how to renew it', file=sys.stderr)
        return 1
    sys.stdout.write(text)
    return 0


if __name__ == '__main__':
    sys.exit(main())
