#!/usr/bin/env python3
"""fields.py KITH_JSON: the fields of the structs that the library fills in, as C tables for lua_fields.c."""

import json
import sys

STRUCTS = ['certificate', 'config_info', 'diagnosis', 'event', 'info', 'lane_status', 'security', 'statistics', 'status']
KINDS = {'i32': 'FIELD_I32', 'u32': 'FIELD_U32', 'handle': 'FIELD_U32', 'i64': 'FIELD_I64', 'u64': 'FIELD_U64',
         'f64': 'FIELD_F64', 'size': 'FIELD_SIZE'}
ELEMENTS = {'i8': 'FIELD_TEXT', 'u8': 'FIELD_BYTES'}


def kind_of(field):
    """The kind of a field and how many there are, or None: Lua gets it in another way."""
    kind = field['type']
    if kind['kind'] == 'struct':
        return {'kith_identity': 'FIELD_IDENTITY', 'kith_address': 'FIELD_ADDRESS'}[kind['of']], 1
    if kind['kind'] == 'array':
        element = kind['to']['kind']
        return ELEMENTS.get(element) or KINDS[element], kind['count']
    if kind['kind'] == 'pointer':
        return ('FIELD_STRING', 1) if kind['to']['kind'] == 'i8' else None
    return KINDS[kind['kind']], 1


def main():
    with open(sys.argv[1], encoding='utf-8') as file:
        structs = {struct['name']: struct for struct in json.load(file)['structs']}
    print('/* Made by fields.py. */')
    for name in STRUCTS:
        struct = structs['kith_' + name]
        print(f'const struct field fields_{name}[] = {{')
        for field in struct['fields']:
            kind = kind_of(field)
            if kind and field['name'] not in ('struct_size', 'reserved', 'data_size'):
                print(f'\t{{ "{field["name"]}", offsetof(struct kith_{name}, {field["name"]}), {kind[0]}, {kind[1]} }},')
        print('\t{ NULL, 0, FIELD_I32, 0 }\n};')


main()
