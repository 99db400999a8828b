"""Rows 21, 22 and 24: both call each other, and one connection comes of it."""
import random
import time

from peers import OTHER, expect
from rows import BOTH, case

SYMMETRIC = ['--symmetric', '--listen', '--timeout=40000']


def pair(bench, server, number='', kith=(), gns=()):
    """A peer of each kind, ready to call the other. The Kith peer sends."""
    words = {'kith': ['--job=send', *kith], 'gns': ['--job=echo', *gns]}
    return {kind: bench.listener(kind, server, f'--identity=str:{kind}{number}', f'--peer=str:{OTHER[kind]}{number}',
                                 '--messages=3', *SYMMETRIC, *words[kind]) for kind in ('kith', 'gns')}


def once(bench, server, number):
    peers = pair(bench, server, number, kith=['--exit-delay=50', '--stay'], gns=['--exit-delay=50'])
    skew = random.randrange(300)
    first = random.choice(BOTH)
    peers[first].say('call')
    time.sleep(skew / 1000)
    peers[OTHER[first]].say('call')
    for peer in peers.values():
        peer.wait_line('^connected', 15)
    peers['kith'].wait_line('^done')
    peers['kith'].say('close')
    peers['gns'].wait_line('^closed peer 1234 bye')
    for peer in peers.values():
        peer.wait_end(10)
        expect(peer.count('^connected') == 1, f'not one connection, {first} first, {skew} ms', *peers.values())
        expect(not peer.has('^failed|^closed local'), f'{first} first, {skew} ms', *peers.values())
    role = peers['kith'].wait_line('^connected .* as (client|server)').group(1)
    took = max(int(peer.wait_line(r'after (\d+) ms').group(1)) for peer in peers.values())
    bench.clean(list(peers.values()))
    return role, took


@case(21)
def simultaneous(bench):
    """A hundred times, with a random skew of up to 300 ms."""
    server = bench.lan_signald()
    seen = [once(bench, server, number) for number in range(100)]
    roles = [role for role, _ in seen]
    times = sorted(took for _, took in seen)
    expect(roles.count('client') > 10 and roles.count('server') > 10, f'roles: {roles}')
    return (f'100 of 100; Kith client {roles.count("client")}, server {roles.count("server")}; '
            f'{times[50]} ms, at most {times[-1]} ms')


@case(22, *BOTH)
def pending_and_accepted(bench, caller):
    """The other's application makes up its mind, and accepts."""
    peers = pair(bench, bench.lan_signald(), kith=['--accept-delay=-1'], gns=['--accept-delay=-1'])
    peers[caller].say('call')
    peers[OTHER[caller]].wait_line('^incoming')
    time.sleep(1)
    peers[OTHER[caller]].say('accept')
    took = int(peers[caller].wait_line(r'^connected .* after (\d+) ms', 5).group(1))
    peers['gns'].wait_line('^closed peer 1234 bye')
    return f'{took} ms'


@case(22)
def pending_at_kith_which_calls(bench):
    """The call that waits becomes the connection."""
    peers = pair(bench, bench.lan_signald(), kith=['--accept-delay=-1'])
    peers['gns'].say('call')
    peers['kith'].wait_line('^incoming')
    time.sleep(1)
    peers['kith'].say('call')
    peers['kith'].wait_line('^connected .* as server', 5)
    peers['gns'].wait_line('^closed peer 1234 bye')
    for peer in peers.values():
        expect(peer.count('^connected') == 1, 'not one connection', *peers.values())


@case(22)
def pending_at_gns_which_calls(bench):
    """GNS then answers without keys, and its connection is dead. Ours ends at once, and the next call works."""
    peers = pair(bench, bench.lan_signald(), kith=['--retry'], gns=['--accept-delay=-1', '--count=9'])
    peers['kith'].say('call')
    peers['gns'].wait_line('^incoming')
    peers['gns'].say('call')
    peers['kith'].wait_line('^closed local 4002', 5)
    peers['gns'].wait_line('^closed peer 4002', 5)
    peers['gns'].wait_line('^incoming', times=2)
    peers['gns'].say('accept')
    peers['kith'].wait_line('^connected', 5)
    peers['gns'].wait_line('^closed peer 1234 bye')


@case(24, *BOTH, waits=True)
def restarts_symmetric(bench, victim):
    """The other's old connection is in the way until it has timed out; who was restarted calls again."""
    server = bench.lan_signald()
    peers = pair(bench, server, kith=['--stay', '--count=9'], gns=['--count=9'])
    for peer in peers.values():
        peer.say('call')
    peers['kith'].wait_line('^done')
    peers[victim].kill()
    job = '--job=send' if victim == 'kith' else '--job=echo'
    again = bench.listener(victim, server, f'--identity=str:{victim}', f'--peer=str:{OTHER[victim]}', '--messages=3',
                           *SYMMETRIC, '--retry', job)
    began = time.monotonic()
    again.say('call')
    again.wait_line('^connected', 38)
    took = time.monotonic() - began
    if victim == 'kith':
        again.wait_line('^verified 3 of 3')
    else:
        peers['kith'].wait_line('^done', times=2)
    return f'after {took:.1f} s'
