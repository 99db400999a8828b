"""Rows 12-15 and 17: living, ending, and what comes in between, by address."""
import time

from peers import OTHER, expect, finish
from rows import BOTH, case, four


@case(12, *BOTH, waits=60)
def idle_for_60_seconds(bench, caller):
    """It stays up, by questions and answers now and then."""
    listener, place = bench.udp_listener(OTHER[caller], '--job=echo', '--messages=3', '--timeout=90000')
    proxy, place = bench.proxy(place)
    client = bench.peer(caller, place, '--job=send', '--messages=3', '--idle=60000', '--timeout=90000')
    client.wait_line('^done')
    time.sleep(2)
    proxy.say('counts')
    before = list(map(int, proxy.wait_line(r'^counts (\d+) (\d+)').groups()))
    time.sleep(56)
    proxy.say('counts')
    after = list(map(int, proxy.wait_line(r'^counts (\d+) (\d+)', times=2).groups()))
    finish(client, listener)
    asked, answered = after[0] - before[0], after[1] - before[1]
    expect(4 <= asked <= 120 and 4 <= answered <= 120, f'{asked} and {answered} packets in 56 s', client)
    return f'{asked} packets one way, {answered} the other in 56 s'


@case(13, *four('is killed'), waits=20)
def killed(bench, roles):
    caller, victim, _ = roles
    listener, place = bench.udp_listener(OTHER[caller], '--job=echo', '--messages=3')
    client = bench.peer(caller, place, '--job=send', '--messages=3', '--stay')
    client.wait_line('^done')
    dead, other = (client, listener) if victim == caller else (listener, client)
    time.sleep(1)
    began = time.monotonic()
    dead.kill()
    other.wait_line('^closed local 5003', 30)
    took = time.monotonic() - began
    expect(8 < took < 23, f'after {took:.1f} s', other)
    return f'5003 after {took:.1f} s'


def closing(bench, caller, closer, linger):
    """The closer sends a megabyte and closes at once; the other checks what comes."""
    words = ['--sizes=1000', '--messages=1000', '--one-way', '--reason=1077', '--text=so long',
             '--set=SendBufferSize=2097152', '--linger' if linger else '']
    job = {True: ['--job=send', '--exit-delay=7000'], False: ['--job=sink']}
    listener, place = bench.udp_listener(OTHER[caller], *job[closer != caller], *words)
    client = bench.peer(caller, place, *job[closer == caller], *words)
    ends, other = (client, listener) if closer == caller else (listener, client)
    other.wait_line('^closed peer 1077 so long', 20)
    came = other.wait_line(r'^received (\d+) of 1000')
    expect(not ends.has('^failed'), 'the closer failed', ends)
    return int(came.group(1)), other


@case(14, *four('closes'), waits=True)
def closes_with_linger(bench, roles):
    """All that was queued arrives."""
    came, other = closing(bench, *roles[:2], True)
    expect(came == 1000, f'{came} of 1000 came', other)


@case(14, *four('closes'))
def closes_at_once(bench, roles):
    """Code and text arrive, though what was queued may not."""
    came, _ = closing(bench, *roles[:2], False)
    return f'{came} of 1000 came'


@case(15, *four('closes'), waits=True)
def close_gets_lost(bench, roles):
    """Who goes on sending is told again."""
    caller, closer, _ = roles
    words = ['--sizes=200', '--messages=1000', '--every=100', '--mode=unreliable', '--one-way']
    job = {True: '--job=sink', False: '--job=send'}
    listener, place = bench.udp_listener(OTHER[caller], job[closer != caller], *words, '--exit-delay=6000')
    _, place = bench.proxy(place, f'drop:{"caller" if closer == caller else "target"}:24:1')
    client = bench.peer(caller, place, job[closer == caller], *words, '--exit-delay=6000')
    ends, other = (client, listener) if closer == caller else (listener, client)
    other.wait_line('^connected')
    time.sleep(1)
    ends.say('close')
    began = time.monotonic()
    other.wait_line('^closed peer 1234 bye', 6)
    took = time.monotonic() - began
    expect(took < 5, f'after {took:.1f} s', other)
    return f'noticed after {took:.2f} s'


HOSTILE = ['flip-data:5', 'replay:10', 'garbage:10', 'truncate:5', 'strange:10']


@case(17, *BOTH)
def hostile_packets(bench, caller):
    """Nothing but the messages sent, and one connection from its beginning to its end."""
    words = ['--sizes=3000,40,700', '--messages=3000', '--window=40']
    fast = ['--set=SendRateMin=20000000', '--set=SendRateMax=20000000']
    listener, place = bench.udp_listener(OTHER[caller], '--job=echo', *words, *(fast if caller == 'kith' else []))
    _, place = bench.proxy(place, *HOSTILE)
    client = bench.peer(caller, place, '--job=send', *words, *(fast if caller == 'gns' else []))
    finish(client, listener)
    for peer in (client, listener):
        expect(peer.count('^connected') == 1 and peer.count('^incoming') <= 1, 'more than one connection', peer)
    kith = client if caller == 'kith' else listener
    dropped = int(kith.wait_line(r'dropped (\d+)').group(1))
    expect(dropped > 0, 'nothing was dropped', kith)
    return f'{dropped} packets dropped'


@case(17, *BOTH)
def hostile_packets_in_the_handshake(bench, caller):
    """Twenty calls, one after another. GNS ends a call when the answer to it has a bad signature or is cut
    short, so handshake messages are not flipped, and what is for its client is not cut."""
    truncate = 'truncate:50' if caller == 'kith' else 'truncate-caller:50'
    for _ in range(20):
        listener, place = bench.udp_listener(OTHER[caller], '--job=echo', '--messages=3')
        _, place = bench.proxy(place, 'flip-data:25', 'replay:50', 'garbage:50', truncate, 'strange:50')
        client = bench.peer(caller, place, '--job=send', '--messages=3')
        client.succeed(30)
        expect(listener.count('^connected') == 1, 'more than one connection', listener)
        bench.clean()
