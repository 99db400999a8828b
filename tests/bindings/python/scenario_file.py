"""Reading tests/bindings/scenarios.txt, see README.md there."""

import re
from typing import Dict, List, NamedTuple

_TOKEN = re.compile(rb'\s*(?:([a-z][A-Za-z0-9_.]*)=)?("(?:[^"\\]|\\.)*"|\S*)')
_ESCAPE = re.compile(rb'\\(x[0-9a-fA-F]{2}|.)')


class Step(NamedTuple):
    line: int
    fails: str
    verb: str
    args: List[bytes]
    keys: Dict[str, bytes]


def _unquoted(text: bytes) -> bytes:
    if not text.startswith(b'"'):
        return text

    def plain(match):
        what = match[1]
        return bytes([int(what[1:], 16)]) if what[:1] == b'x' else b'\n' if what == b'n' else what
    return _ESCAPE.sub(plain, text[1:-1])


def _step(number: int, line: bytes) -> Step:
    args, keys, at = [], {}, 0
    line = line.strip()
    while at < len(line):
        match = _TOKEN.match(line, at)
        at = match.end()
        if match[1]:
            keys[match[1].decode()] = _unquoted(match[2])
        else:
            args.append(_unquoted(match[2]))
    fails = ''
    if args[0] == b'fails':
        fails = args[1].decode()
        del args[:2]
    return Step(number, fails, args[0].decode(), args[1:], keys)


def read(path: str) -> Dict[str, List[Step]]:
    """The steps of every scenario."""
    scenarios, steps = {}, []
    with open(path, 'rb') as file:
        for number, line in enumerate(file, 1):
            if not line.strip() or line.startswith(b'#'):
                continue
            step = _step(number, line)
            if step.verb == 'scenario':
                steps = scenarios[step.args[0].decode()] = []
            else:
                steps.append(step)
    return scenarios


def content(step: Step, place: int, index: int = 0) -> bytes:
    """The bytes of a message: said, or made by size and seed."""
    if 'size' not in step.keys:
        return step.args[place]
    size, seed = int(step.keys['size']), int(step.keys.get('seed', 0)) + index
    whole = bytes(range(256))
    made = bytearray()
    for row in range((size + 255) // 256):
        shift = row * 17 + seed + row * 256 * 31
        made += bytes((i * 31 + shift) & 255 for i in whole)
    return bytes(made[:size])
