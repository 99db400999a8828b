"""Row 25: messages to identities, sessions between both libraries."""
import random
import re
import time

from peers import OTHER, Failed, expect
from rows import BOTH, case

NAMES = {'kith': 'str:kith', 'gns': 'str:gns'}
# The channels that the peers look at.
CHANNELS = (0, 1, 2, 3, 7, -1, 2147483647, -2147483648)
FAST = {'kith': [], 'gns': ['--rate=40000000']}


def talker(bench, kind, server, *words, name=None):
    peer = bench.start([bench.programs[f'{kind}-messages'], f'--identity={name or NAMES[kind]}', server, *FAST[kind],
                        *words])
    peer.wait_line('^ready')
    return peer


def both(bench, first, first_words=(), second_words=()):
    """Who sends first, then the other."""
    server = bench.signald()
    other = talker(bench, OTHER[first], server, *second_words)
    return talker(bench, first, server, *first_words), other


def send(peer, to, channel=0, size=64, mode='reliable', count=1, more=''):
    peer.say(f'send {NAMES[to]} {channel} {size} {mode} {count} {more}')


def heard(peer, start, channel=0, size=64, timeout=20, times=1):
    return peer.wait_line(rf'^message {NAMES[start]} {channel} {size} (reliable|unreliable) (-?\d+)$', timeout, times)


def ask(peer, command):
    before = peer.count('^answer')
    peer.say(command)
    return peer.wait_line(r'^answer (\S+)', 5, before + 1).group(1)


def wait_state(peer, other, state, timeout):
    end = time.monotonic() + timeout
    while ask(peer, f'info {NAMES[other]}') != state:
        expect(time.monotonic() < end, f'not {state}', peer)
        time.sleep(0.05)


def connect(bench, first, **words):
    """A session in which the one has said something and the other has answered."""
    one, other = both(bench, first, **words)
    send(one, OTHER[first])
    other.wait_line(f'^request {NAMES[first]}')
    expect(ask(other, f'accept {NAMES[first]}') == 'ok', 'cannot accept', other)
    heard(other, first)
    send(other, first)
    heard(one, OTHER[first])
    return one, other


def no_failures(*peers):
    for peer in peers:
        expect(not peer.has('^(failed|refused|spoilt)'), 'something failed', *peers)


@case(25, *BOTH)
def first_message(bench, first):
    """The first message is taken for reliable whatever it was sent as; the session is there for both."""
    one, other = both(bench, first)
    began = time.monotonic()
    send(one, OTHER[first], channel=7, mode='unreliable')
    other.wait_line(f'^request {NAMES[first]}')
    other.say(f'accept {NAMES[first]}')
    expect(heard(other, first, channel=7).group(1) == 'reliable', 'not reliable', other)
    took = time.monotonic() - began
    time.sleep(1)
    send(one, OTHER[first], channel=7, size=65, mode='unreliable')
    expect(heard(other, first, channel=7, size=65).group(1) == 'unreliable', 'not unreliable', other)
    expect(ask(one, f'info {NAMES[OTHER[first]]}') == 'CONNECTED', 'not connected', one)
    expect(ask(other, f'info {NAMES[first]}') == 'CONNECTED', 'not connected', other)
    no_failures(one, other)
    return f'arrived after {took * 1000:.0f} ms'


@case(25, *BOTH)
def answering_accepts(bench, first):
    one, other = both(bench, first)
    send(one, OTHER[first])
    other.wait_line(f'^request {NAMES[first]}')
    send(other, first, channel=3)
    heard(one, OTHER[first], channel=3)
    heard(other, first)
    no_failures(one, other)


def first_at_once(bench, server, number):
    skew = random.choice((0, 0, 0.005, 0.02, 0.1, 0.3)) * random.random()
    names = {'kith': f'str:k{number}', 'gns': f'str:g{number}'}
    peers = {kind: talker(bench, kind, server, '--accept', name=names[kind]) for kind in BOTH}
    order = random.sample(BOTH, 2)
    for kind in order:
        peers[kind].say(f'send {names[OTHER[kind]]} 0 64 reliable 3')
        if kind == order[0]:
            time.sleep(skew)
    for kind in BOTH:
        peers[kind].wait_line(rf'^message {names[OTHER[kind]]} 0 64 reliable 2$', 15)
    time.sleep(0.3)
    for kind in BOTH:
        found = [line for line in peers[kind].lines if line.startswith('message')]
        expect([line.split()[-1] for line in found] == ['0', '1', '2'], 'lost, doubled or out of order', peers[kind])
        no_failures(peers[kind])
    expect(peers['kith'].count('^connected') == 1, 'not one session', peers['kith'])
    visible = peers['kith'].count('^request')
    bench.clean(list(peers.values()))
    return visible


@case(25)
def both_send_first(bench):
    """Three messages of each side, at the same moment or nearly so: each arrives once."""
    server = bench.signald()
    asked = sum(first_at_once(bench, server, number) for number in range(30))
    return f'30 of 30; Kith was asked {asked} times'


@case(25, *BOTH)
def channels(bench, first):
    """Every channel both ways, 100 messages each, in order, from nothing to the most that fits."""
    one, other = connect(bench, first)
    for channel in CHANNELS:
        send(one, OTHER[first], channel=channel, size=1000, count=100)
        send(other, first, channel=channel, size=1000, count=100)
    for size in (0, 1, 5, 1195, 1200, 65536, 524283):
        send(one, OTHER[first], channel=2, size=size)
        send(other, first, channel=2, size=size)
    for peer, sender in ((other, first), (one, OTHER[first])):
        heard(peer, sender, channel=2, size=524283, timeout=60)
        for channel in CHANNELS:
            found = [int(line.split()[-1]) for line in peer.lines
                     if re.search(rf'^message {NAMES[sender]} {channel} 1000 ', line)]
            expect(len(found) == 100 and found == sorted(set(found)), f'channel {channel}: {len(found)}', peer)
        for size in (0, 1, 5, 1195, 1200, 65536, 524283):
            expect(peer.has(rf'^message {NAMES[sender]} 2 {size} reliable'), f'{size} bytes', peer)
    no_failures(one, other)
    return '800 messages each way, sizes 0 to 524283'


@case(25, *BOTH)
def much(bench, first):
    """20 MB go and come back."""
    one, other = connect(bench, first, second_words=['--echo'])
    began = time.monotonic()
    send(one, OTHER[first], channel=1, size=20000, count=1000)
    heard(one, OTHER[first], channel=1, size=20000, times=1000, timeout=120)
    took = time.monotonic() - began
    no_failures(one, other)
    return f'20 MB each way in {took:.1f} s'


@case(25)
def one_byte_too_many(bench):
    """Kith refuses to send what GNS could not take; what GNS sends all the same ends the session only."""
    one, other = connect(bench, 'gns')
    send(other, 'gns', size=524284)
    other.wait_line('^refused str:gns E_TOO_LARGE')
    send(one, 'kith', size=524284)
    other.wait_line('^(ended|failed) str:gns 5002', 20)
    wait_state(one, 'kith', 'NONE', 10)
    send(one, 'kith', size=9, more='restart')
    other.wait_line('^request str:gns', 15, 2)
    expect(ask(other, 'accept str:gns') == 'ok', 'no new session', one, other)
    heard(other, 'gns', size=9)


@case(25, *BOTH, waits=True)
def closed_by_one(bench, first):
    """The other learns of it, nothing has failed, and its next message makes a new session."""
    one, other = connect(bench, first)
    time.sleep(1)
    began = time.monotonic()
    expect(ask(one, f'close {NAMES[OTHER[first]]}') == 'ok', 'cannot close', one)
    if first == 'gns':
        other.wait_line('^ended str:gns 1001', 6)
    else:
        wait_state(other, 'kith', 'NONE', 6)
    took = time.monotonic() - began
    send(other, first, size=77)
    one.wait_line(f'^request {NAMES[OTHER[first]]}', 15)
    expect(ask(one, f'accept {NAMES[OTHER[first]]}') == 'ok', 'cannot accept', one)
    heard(one, OTHER[first], size=77)
    no_failures(one, other)
    return f'noticed after {took:.2f} s'


@case(25, *BOTH)
def closed_by_its_last_channel(bench, first):
    one, other = connect(bench, first)
    time.sleep(0.5)
    expect(ask(one, f'leave {NAMES[OTHER[first]]} 5') == 'no', 'channel 5 was in use', one)
    expect(ask(one, f'leave {NAMES[OTHER[first]]} 0') == 'ok', 'channel 0 was not in use', one)
    expect(ask(one, f'info {NAMES[OTHER[first]]}') == 'NONE', 'still there', one)


@case(25, waits=True)
def idle_at_kith(bench):
    one, other = connect(bench, 'gns', second_words=['--set=MessagesIdleTimeout=1500'])
    other.wait_line('^ended str:gns 1002', 10)
    send(one, 'kith', size=77)
    other.wait_line('^request str:gns', 10, 2)
    expect(ask(other, 'accept str:gns') == 'ok', 'cannot accept', other)
    heard(other, 'gns', size=77)
    no_failures(one, other)


@case(25, waits=180)
def idle_at_gns(bench):
    """Three minutes, which cannot be shortened there."""
    one, other = connect(bench, 'kith', first_words=['--set=MessagesIdleTimeout=0'])
    began = time.monotonic()
    one.wait_line('^ended str:gns 1002', 200)
    took = time.monotonic() - began
    send(one, 'gns', size=77)
    other.wait_line('^request str:kith', 10, 2)
    other.say('accept str:kith')
    heard(other, 'kith', size=77)
    no_failures(one, other)
    return f'after {took:.0f} s'


@case(25, *BOTH, waits=True)
def ignored(bench, first):
    one, other = both(bench, first)
    began = time.monotonic()
    send(one, OTHER[first])
    other.wait_line(f'^request {NAMES[first]}')
    one.wait_line(f'^failed {NAMES[OTHER[first]]} (5003)', 15)
    took = time.monotonic() - began
    send(one, OTHER[first])
    one.wait_line(f'^refused {NAMES[OTHER[first]]}', 5)
    return f'failed after {took:.1f} s'


@case(25, *BOTH, waits=True)
def restarted_peer(bench, survivor):
    """The process of the one dies and comes again; each sends, restarting what is broken, until it is heard."""
    one, dead = connect(bench, survivor, first_words=['--accept'])
    server = next(word for word in one.command if word.startswith('--signaling='))
    kind = OTHER[survivor]
    dead.kill()
    began = time.monotonic()
    again = talker(bench, kind, server, '--accept')
    tries = 0
    while not one.has(rf'^message {NAMES[kind]} 0 99 '):
        expect(time.monotonic() - began < 45, 'not heard', one, again)
        send(again, survivor, size=99, more='restart')
        tries += 1
        time.sleep(1)
    took = time.monotonic() - began
    send(one, kind, size=98, more='restart')
    heard(again, survivor, size=98)
    return f'heard after {took:.0f} s and {tries} messages'


@case(25, *BOTH, waits=True)
def broken_and_restarted(bench, survivor):
    """The other is gone for longer than a session lives; the survivor starts anew when told to. GNS takes
    a session that died for idle, and what was under way for nothing."""
    one, dead = connect(bench, survivor)
    server = next(word for word in one.command if word.startswith('--signaling='))
    kind = OTHER[survivor]
    dead.kill()
    send(one, kind, size=50)
    if survivor == 'kith':
        one.wait_line(f'^failed {NAMES[kind]}', 40)
        send(one, kind, size=51)
        one.wait_line(f'^refused {NAMES[kind]}', 5)
    else:
        wait_state(one, kind, 'NONE', 40)
    again = talker(bench, kind, server, '--accept')
    send(one, kind, size=52, more='restart')
    heard(again, survivor, size=52)
    if again.has('^message .* 0 5[01] '):
        raise Failed(again.describe())
