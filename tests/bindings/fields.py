#!/usr/bin/env python3
"""fields.py KITH.JSON: the fields of the public structs as C initializers, for value.c."""

import json
import sys

STRUCTS = ('kith_info', 'kith_status', 'kith_lane_status', 'kith_statistics', 'kith_security', 'kith_diagnosis', 'kith_event',
           'kith_certificate', 'kith_config_info')


def kind_of(of):
    """The kind of a field, and how many of it."""
    if of['kind'] == 'array':
        kind, _ = kind_of(of['to'])
        return 'text' if kind == 'i8' else kind, of['count']
    return of['of'] if of['kind'] == 'struct' else of['kind'], 1


def main():
    with open(sys.argv[1], encoding='utf-8') as file:
        description = json.load(file)
    for struct in description['structs']:
        if struct['name'] not in STRUCTS:
            continue
        for field in struct['fields']:
            kind, count = kind_of(field['type'])
            name = field['name']
            print(f'{{ "{struct["name"]}", "{name}", offsetof(struct {struct["name"]}, {name}), "{kind}", {count} }},')


main()
