"""docs/nat-traversal.md's tables and the picture, from docs/nat-matrix.json, which a run of the laboratory wrote."""

import json
import os
import re

DOCS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'docs')
PAGE, PICTURE, FOUND = (os.path.join(DOCS, name) for name in ('nat-traversal.md', 'nat-matrix.svg', 'nat-matrix.json'))
CELL, HEAD, ROW = 44, 96, 26
COLOURS = {'direct': '#b7e1c1', 'relay': '#ffe0a3', 'wrong': '#f4a6a0'}
WORDS = {'EI': 'one', 'AD': 'one for each host', 'APD': 'one for each destination', 'none': 'its own'}
FILTERS = {'EI': 'anybody', 'AD': 'hosts written to', 'APD': 'who was written to', '': ''}


def table(heads, rows):
    lines = [heads, ['---'] * len(heads), *rows]
    return '\n'.join(f'| {" | ".join(map(str, line))} |' for line in lines)


def by_pair(found):
    """The outcomes of each pair; names in the order of the run."""
    pairs = {}
    for outcome in found['pairs']:
        pairs.setdefault((outcome['a'], outcome['b']), []).append(outcome)
    return pairs, list(dict.fromkeys(outcome['a'] for outcome in found['pairs']))


def colour_of(outcomes):
    if not all(outcome['right'] for outcome in outcomes):
        return 'wrong'
    return outcomes[0]['expected']


def short(outcomes):
    """"D 288": direct, first message after 288 ms. The slowest of several."""
    slowest = max(outcomes, key=lambda outcome: outcome['message_ms'])
    letter = {'direct': 'D', 'relay': 'R', 'wrong': '-'}[colour_of(outcomes)]
    letter += '6' if slowest['family'] == 'IPv6' else ''
    return letter if letter == '-' else f'{letter} {slowest["message_ms"]:.0f}'


# --- tables

def behaviour_words(one):
    if not one['mapping']:
        return '–', '–'
    return WORDS[one['mapping']], FILTERS[one['filtering']]


def kinds_table(found):
    rows = []
    for name, kind in found['kinds'].items():
        for family, one in (('IPv4', kind['ipv4']), ('IPv6', kind['ipv6'])):
            if one['mapping'] or (family == 'IPv4' and not kind['ipv6']['mapping']):
                yes = {True: 'yes', False: 'no'}
                rows.append([f'`{name}`', kind['what'], family, *behaviour_words(one),
                             yes[one['keeps_port']] if one['mapping'] else '–', yes[one['hairpin']] if one['mapping'] else '–'])
    return table(['kind', 'what it is', 'family', 'addresses outside', 'may write to them', 'same port', 'hairpin'], rows)


def matrix_table(found):
    pairs, names = by_pair(found)
    return table(['calls ↓', *(f'`{name}`' for name in names)],
                 [[f'`{a}`', *(short(pairs[a, b]) if (a, b) in pairs else '' for b in names)] for a in names])


def places_table(found):
    return table(['place', 'what it is', 'way', 'first message after'],
                 [[f'`{one["a"]}`', one['what'], one['route'] if one['right'] else 'wrong', f'{one["message_ms"]:.0f} ms']
                  for one in found['places']])


def times_table(found):
    return table(['calls', 'how many', 'median', 'p95', 'longest', 'target of p95'],
                 [[name, one['calls'], *(f'{one[key]:.0f} ms' for key in ('p50', 'p95', 'p100')), f'{one["limit"]} ms']
                  for name, one in found['times'].items()])


def idle_table(found):
    order = ['data', 'STUN', 'relay', 'relay over TCP', 'signaling']
    return table(['way', 'packets a minute', 'bytes a minute, IP headers included', 'of them'],
                 [[name, one['packets'], one['bytes'], ', '.join(f'{one["of"][kind]} {kind}' for kind in order if kind in one['of'])]
                  for name, one in found['idle'].items()])


def privacy_table(found):
    pairs = {}
    for one in found['privacy']:
        pairs.setdefault((one['a'], one['b']), {})[one['who']] = 'nothing' if one['right'] else one['error']
    return table(['calls', 'is called', 'seen of a relay-only caller', 'of a relay-only called one', 'of both'],
                 [[f'`{a}`', f'`{b}`', *(seen.get(who, '') for who in ('a', 'b', 'ab'))] for (a, b), seen in pairs.items()])


def early_table(found):
    rows = []
    for one in found['early']:
        when = f'opens after {one["opens"]:g} s' if one['opens'] else f'fails after {one["shuts"]:g} s' if one['shuts'] else 'is open'
        rows.append([f'`{one["a"]}`', f'`{one["b"]}`', when, ', then '.join(one['ways']) if one['right'] else 'wrong',
                     f'{one["message_ms"]:.0f} ms', f'{one["moved_ms"]:.0f} ms' if one['moved_ms'] else '–', f'{one["longest_ms"]:.0f} ms'])
    return table(['calls', 'is called', 'the direct way', 'routes', 'first message after', 'moved after it opened', 'longest time of a message'],
                 rows)


def survival_table(found):
    pairs = list(dict.fromkeys((one['a'], one['b']) for one in found['survival']))
    rows = {}
    for one in found['survival']:
        lost = f', {one["runs"] - one["right"]} of {one["runs"]} lost' if one['right'] < one['runs'] else ''
        rows.setdefault(one['what'], {})[one['a'], one['b']] = f'{one.get("p50", "–")}, {one.get("p95", "–")}{lost}'
    return table(['what happens to one side', *(f'`{a}` with `{b}`' for a, b in pairs)],
                 [[what, *(seen.get(pair, '') for pair in pairs)] for what, seen in rows.items()])


def mesh_table(found):
    return table(['peers', 'connections', 'all connected after', 'CPU for each', 'memory, descriptors of each end', 'all together', 'idle, 1,000 ends',
                  'all said and heard in'],
                 [[one['peers'], one['connections'], f'{one["connected_ms"] / 1000:.1f} s', f'{one["cpu_ms_each"]:.1f} ms',
                   f'{one["kib_each"]:.0f} KiB, {one["descriptors_each"]:.1f}', f'{one["mib"]} MiB, {one["descriptors"]}',
                   f'{one["idle_percent"]:.1f} % of a core', f'{one["heard_ms"]} ms'] for one in found['mesh']])


TABLES = {'kinds': kinds_table, 'pairs': matrix_table, 'places': places_table, 'times': times_table, 'idle': idle_table,
          'privacy': privacy_table, 'early': early_table,
          'survival': survival_table, 'mesh': mesh_table}


# --- the picture

def picture(found):
    pairs, names = by_pair(found)
    width, height = HEAD + CELL * len(names) + 10, HEAD + ROW * len(names) + 40
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
           'font-family="sans-serif" font-size="12">', f'<rect width="{width}" height="{height}" fill="#ffffff"/>']
    for at, name in enumerate(names):
        x, y = HEAD + CELL * at + CELL // 2, HEAD + ROW * at + ROW // 2 + 4
        out.append(f'<text x="{x}" y="{HEAD - 8}" transform="rotate(-45 {x} {HEAD - 8})">{name}</text>')
        out.append(f'<text x="{HEAD - 6}" y="{y}" text-anchor="end">{name}</text>')
    for row, a in enumerate(names):
        for column, b in enumerate(names):
            if (a, b) in pairs:
                out += _cell(HEAD + CELL * column, HEAD + ROW * row, pairs[a, b], f'{a} calls {b}')
    x, y = HEAD, height - 14
    for word, text in (('direct', 'D direct, D6 over IPv6'), ('relay', 'R relayed'), ('wrong', 'not as theory allows')):
        out.append(f'<rect x="{x}" y="{y - 12}" width="16" height="16" fill="{COLOURS[word]}" stroke="#888888"/>')
        out.append(f'<text x="{x + 22}" y="{y}">{text}</text>')
        x += 40 + 7 * len(text)
    out.append(f'<text x="{x}" y="{y}">milliseconds to the first message</text>')
    return '\n'.join([*out, '</svg>', ''])


def _cell(x, y, outcomes, title):
    return [f'<rect x="{x}" y="{y}" width="{CELL}" height="{ROW}" fill="{COLOURS[colour_of(outcomes)]}" stroke="#ffffff">'
            f'<title>{title}</title></rect>',
            f'<text x="{x + CELL // 2}" y="{y + ROW // 2 + 4}" text-anchor="middle">{short(outcomes)}</text>']


def made_of(found, text):
    """The page with its tables new, and the picture."""
    for name, make in TABLES.items():
        if name in found:
            text = re.sub(rf'(<!-- natlab: {name} -->\n).*?(<!-- end -->)',
                          lambda match, make=make: f'{match[1]}{make(found)}\n{match[2]}', text, flags=re.S)
    return text, picture(found) if 'pairs' in found else None


def read(path):
    with open(path, encoding='utf-8') as file:
        return file.read()


def write(path, text):
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)


def renew(check):
    """Makes both new; with `check` only tells whether they are. Returns the exit status."""
    text, drawing = made_of(json.loads(read(FOUND)), read(PAGE))
    if check:
        return int(text != read(PAGE) or drawing != read(PICTURE))
    write(PAGE, text)
    write(PICTURE, drawing)
    return 0


def keep(found, path):
    """In place of what the file has of the same studies. Each thing found on a line of its own, so that a change can be read."""
    if os.path.exists(path):
        found = {**json.loads(read(path)), **found}
    def lines(value):
        if isinstance(value, list):
            return '[\n' + ',\n'.join(json.dumps(one, sort_keys=True) for one in value) + '\n]'
        return '{\n' + ',\n'.join(f'{json.dumps(key)}: {json.dumps(one, sort_keys=True)}' for key, one in value.items()) + '\n}'
    write(path, '{\n' + ',\n'.join(f'{json.dumps(name)}: {lines(value)}' for name, value in found.items()) + '\n}\n')
