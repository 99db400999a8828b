#!/usr/bin/env python3
"""Checks docs/gns-parity.md: every name of Kith in it is exported or in a header, every test exists, and, where
the headers of GNS are installed, nothing of them is missing.

    parity.py [INCLUDE_OF_GNS]
"""

import glob
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PAGES = ['docs/gns-parity.md', 'docs/config.md']
# Words of the original's headers that are no part of its interface.
NOT_INTERFACE = re.compile(r'Force32[Bb]it|_Xxxxx?\b|_xxx$|DELETED|k_ESteamNetworkingConfig_(Int32|Int64|Float|String|Ptr|'
                           r'Invalid|Global|SocketsInterface|ListenSocket|Connection)$')


def read(path):
    with open(os.path.join(ROOT, path), encoding='utf-8') as file:
        return file.read()


def known_names():
    names = set(read('abi/kith.sym').split())
    for path in glob.glob(os.path.join(ROOT, 'include/kith/*.h')):
        names |= set(re.findall(r'\b(?:KITH_\w+|kith_\w+)\b', read(path)))
    return names


def known_tests():
    tests = set()
    for folder in ('tests/api', 'tests/scenario'):
        for path in glob.glob(os.path.join(ROOT, folder, '*.c')):
            tests |= {f'{suite}/{name}' for suite, name in re.findall(r'^Test\((\w+),\s*(\w+)', read(path), flags=re.M)}
    tests |= {os.path.basename(path)[:-3] for path in glob.glob(os.path.join(ROOT, 'tests/cli/test_*.sh'))}
    return tests | {'rows'}


def gns_names(include):
    """Methods of the interfaces, functions, flags, states, reasons and configuration values."""
    names = set()
    for header in ('isteamnetworkingsockets.h', 'isteamnetworkingmessages.h', 'isteamnetworkingutils.h',
                   'steamnetworkingcustomsignaling.h', 'steamnetworkingsockets.h', 'steamnetworkingtypes.h'):
        with open(os.path.join(include, 'steam', header), encoding='utf-8') as file:
            text = re.sub(r'//[^\n]*', '', file.read())
        names |= set(re.findall(r'virtual [\w \*&<>]+?[ \*&](\w+)\(', text))
        names |= set(re.findall(r'STEAMNETWORKINGSOCKETS_INTERFACE [\w \*&]+?[ \*&](\w+)\(', text))
        names |= set(re.findall(r'\b(k_nSteamNetworkingSend_\w+|k_nSteamNetworkConnectionInfoFlags_\w+|'
                                r'k_ESteamNetworkingConnectionState_\w+|k_ESteamNetConnectionEnd_\w+|'
                                r'k_ESteamNetworkingConfig_\w+|k_ESteamNetworkingIdentityType_\w+)\b', text))
    return {name for name in names if not NOT_INTERFACE.search(name) and not re.search(r'_(LibV\d+|SteamAPI|v\d+|Lib)$', name)}


def covers(pages, name):
    """A page names it, by itself or by a pattern such as SDRClient_*."""
    short = name.replace('k_ESteamNetworkingConfig_', '')
    if re.search(rf'\b{re.escape(name)}\b|\b{re.escape(short)}\b', pages):
        return True
    return any(short.startswith(prefix) for prefix in re.findall(r'\b(\w+_)\*', pages))


def main():
    page = read('docs/gns-parity.md')
    problems, good = [], 0
    names, tests = known_names(), known_tests()
    for row in re.findall(r'^\|.*\|$', page, flags=re.M):
        cells = [cell.strip() for cell in row.strip('|').split('|')]
        for name in re.findall(r'\b(?:kith|KITH)_\w+', row):
            good += name in names
            if name not in names:
                problems.append(f'{name} is in no header')
        if len(cells) != 3 or cells[2] in ('test', '---', ''):
            continue
        test = cells[2].strip('`')
        good += test in tests
        if test not in tests:
            problems.append(f'there is no test {test}')
    if len(sys.argv) > 1:
        pages = ''.join(read(path) for path in PAGES)
        for name in sorted(gns_names(sys.argv[1])):
            good += covers(pages, name)
            if not covers(pages, name):
                problems.append(f'{name} of GNS is not on the page')
    print('\n'.join(sorted(set(problems))))
    print(f'{good} passed, {len(set(problems))} failed, 0 skipped')
    return bool(problems)


if __name__ == '__main__':
    sys.exit(main())
