"""The rules of docs/style.md that a machine can check.

A rule takes all sources and yields (path, line or name, measure, message). The measure is what the
ratchet compares; it is 1 for what is simply wrong.
"""

import os
import re

from source import TAB

# Left to right: a room sees itself and those before it. Rooms of one inner list do not see each other.
ORDER = [['base'], ['types'], ['config'], ['wire'], ['crypto'], ['reliability'], ['conn'], ['direct', 'rendezvous'],
         ['endpoint'], ['sockets', 'messages'], ['core']]
RANK = {room: rank for rank, rooms in enumerate(ORDER) for room in rooms}

CORE_SYSTEM = {'<assert.h>', '<stdbool.h>', '<stddef.h>', '<stdint.h>', '<stdlib.h>', '<string.h>', '<inttypes.h>',
               '<stdatomic.h>', '<kith/errors.h>'}
SIDE_ROOMS = {'src/transport': {'base', 'types'}, 'src/signaling': {'base'}, 'src/cli': {'base'}}
# `kith doctor` asks a relay with what a session would ask with.
SIDE_HEADERS = {'src/cli/doctor': {'core/crypto/turn_secret.h'}}

PREPROCESSOR_FREE = {'udp_options.c', 'ice_sibling.c', 'export.h'}
RAW_MEMORY_FREE = {'bytes.h', 'primitives_gnutls.c'}
ALLOCATION_FREE = {'alloc.c'}


def room_of(path):
    """The core room a path lies in, or None."""
    match = re.match(r'(?:src/)?core/(?:(\w+)/)?[\w.]+$', path)
    return (match.group(1) or 'core') if match else None


def file_length(sources):
    for source in sources:
        limit = 900 if source.is_test() else 600
        if len(source.lines) > limit:
            yield source.path, '', len(source.lines), f'{len(source.lines)} lines; at most {limit}'


def function_length(sources):
    for source in sources:
        for function in source.functions:
            if len(function.body) > 70:
                yield source.path, function.name, len(function.body), f'{len(function.body)} lines; at most 70'


def parameters(sources):
    for source in sources:
        for function in source.functions:
            if function.parameters > 6:
                yield source.path, function.name, function.parameters, f'{function.parameters} parameters; at most 6'


def nesting(sources):
    for source in sources:
        for function in source.functions:
            depth = max((len(line) - len(line.lstrip('\t')) for line in function.body if line.strip()), default=1)
            if depth - 1 > 4:
                yield source.path, function.name, depth - 1, f'{depth - 1} levels of nesting; at most 4'


def project_includes(sources):
    for source in sources:
        count = sum(include.startswith('"') for include in source.includes)
        if source.path.startswith('src/') and source.path.endswith('.c') and count > 10:
            yield source.path, '', count, f'includes {count} project headers; at most 10'


def line_width(sources):
    for source in sources:
        for number, line in enumerate(source.lines, 1):
            width = len(line.expandtabs(TAB))
            if width > 120:
                yield source.path, number, width, f'{width} columns; at most 120'


def white_space(sources):
    for source in sources:
        for number, line in enumerate(source.lines, 1):
            if line != line.rstrip():
                yield source.path, number, 1, 'white space at the end'
            elif re.match(r' {4}(?! *\S.*\*/|\*)', line) and source.path.endswith('.c') and not _continues(source, number):
                yield source.path, number, 1, 'indented with spaces'


def _continues(source, number):
    """True for aligned continuation lines and the inside of comments."""
    before = source.lines[number - 2] if number > 1 else ''
    return before.strip() != '' and not before.rstrip().endswith(('{', '}', ';'))


def preprocessor(sources):
    for source in sources:
        if source.base in PREPROCESSOR_FREE or source.is_test():
            continue
        for number, line in enumerate(source.code_lines, 1):
            match = re.match(r'\s*#\s*(if|ifdef|ifndef|elif)\b\s*(.*)', line)
            if not match:
                continue
            guard = source.path.endswith('.h') and match.group(1) == 'ifndef' and match.group(2).rstrip().endswith('_H')
            if not guard and '__cplusplus' not in line:
                yield source.path, number, 1, f'#{match.group(1)}: the platform is the business of udp_options.c'


def _calls(sources, pattern, where, message):
    for source in sources:
        if not where(source):
            continue
        for number, line in enumerate(source.code_lines, 1):
            match = re.search(pattern, line)
            if match and not line.lstrip().startswith('#include'):
                yield source.path, number, 1, f'{match.group(0).strip()}: {message}'


def raw_memory(sources):
    return _calls(sources, r'\b(memcpy|memmove|memset|memcmp|strcpy|strcat|sprintf|strncpy)\s*\(',
                  lambda source: source.path.startswith('src/') and source.base not in RAW_MEMORY_FREE,
                  'use base/bytes.h')


def ambient(sources):
    return _calls(sources, r'\b(time|clock_gettime|gettimeofday|clock|rand|random|srand|getenv|usleep|sleep|pthread_\w+|g_\w+|'
                  r'v?f?printf|v?snprintf|puts|fputs)\s*\(',
                  lambda source: source.is_core(), 'the core is pure')


def allocation(sources):
    return _calls(sources, r'(?<![\w.>])(malloc|calloc|realloc|free|strdup)\s*\(',
                  lambda source: source.is_core() and source.base not in ALLOCATION_FREE, 'use base/alloc.h')


def room_order(sources):
    for source in sources:
        if not source.path.startswith('src/'):
            continue
        room = room_of(source.path)
        for include in source.includes:
            problem = _core_include(room, include) if room else _side_include(source, include)
            if problem:
                yield source.path, include, 1, problem


def _core_include(room, include):
    if include.startswith('<'):
        if include in ('<uthash.h>', '<utlist.h>') and room == 'base':
            return None
        if room == 'crypto' and re.match(r'<(gnutls|nettle)/', include):
            return None
        return None if include in CORE_SYSTEM else f'{include} is not for the core'
    other = room_of(include.strip('"'))
    if other is None:
        return f'{include} is outside the core'
    # The door's header is a contract that the commands of sockets and messages take part in.
    if room == other or (include == '"core/core.h"' and room in ('sockets', 'messages')):
        return None
    if other not in RANK or room not in RANK:
        return f'room {other if other not in RANK else room} has no place in the order'
    return None if RANK[other] < RANK[room] else f'{room} may not see {other}'


def _side_include(source, include):
    for folder, allowed in SIDE_ROOMS.items():
        if not source.path.startswith(folder + '/') or include.startswith('<'):
            continue
        path = include.strip('"')
        other = room_of(path)
        if other is not None and other not in allowed and path not in SIDE_HEADERS.get(source.folder, ()):
            return f'{folder} may not see core/{other}'
        if other is None and path.startswith(('engine/', 'api/')):
            return f'{folder} may not see {path}'
    return None


def internal_headers(sources):
    for source in sources:
        for include in source.includes:
            path = include.strip('"<>')
            if path.endswith('_internal.h') and 'src/' + os.path.dirname(path) != source.folder and '/' in path:
                # Tests that look inside a room say so by their place: its unit tests, and the simulated
                # links and the benchmark of reliability, which is driven without a connection.
                if source.path.startswith('tests/unit/' + os.path.basename(os.path.dirname(path)) + '/'):
                    continue
                if re.match(r'tests/(sim/sim_|bench/bench_)reliability', source.path):
                    continue
                yield source.path, include, 1, f'{include} belongs to its own folder'


def unique_names(sources):
    seen = {}
    for source in sources:
        if not source.path.startswith('src/'):
            continue
        if source.base in seen:
            yield source.path, '', 1, f'has the name of {seen[source.base]}'
        seen.setdefault(source.base, source.path)


def prefixes(sources):
    """Seeing a call tells its file: public functions begin with the file's name or its first words."""
    for source in sources:
        if not source.path.startswith('src/') or source.stem == 'main':
            continue
        words = source.stem.split('_')
        allowed = tuple('_'.join(words[:count]) + '_' for count in range(1, len(words) + 1))
        for function in source.functions:
            if function.static or function.name == 'main':
                continue
            if source.path.startswith('src/api/') and function.name.startswith(('kith_', 'api_')):
                continue
            if function.name.startswith('kith_') and not source.path.startswith(('src/api/', 'src/signaling/')):
                yield source.path, function.name, 1, 'kith_ is for public names'
            elif not function.name.startswith(allowed) and not function.name.startswith('kith_'):
                yield source.path, function.name, 1, f'does not begin with {source.stem}_'


def opening_comment(sources):
    for source in sources:
        if not source.path.startswith('src/') or not source.path.endswith('.h'):
            continue
        end = next((number for number, line in enumerate(source.lines, 1) if '*/' in line), None)
        if not source.text.startswith(f'/* {source.stem}:') or end is None:
            yield source.path, '', 1, f'does not open with "/* {source.stem}: what it owns"'
        elif end > 8:
            yield source.path, '', end, f'opens with {end} lines of comment; at most 8'


def left_behind(sources):
    for source in sources:
        for number, line in enumerate(source.lines, 1):
            match = re.search(r'\b(TODO|FIXME|XXX|HACK)\b', line)
            if match and not re.search(match.group(0) + r'\(#\d+\)', line):
                yield source.path, number, 1, f'{match.group(0)} without an issue number'


RULES = [file_length, function_length, parameters, nesting, project_includes, line_width, white_space, preprocessor,
         raw_memory, ambient, allocation, room_order, internal_headers, unique_names, prefixes, opening_comment,
         left_behind]
