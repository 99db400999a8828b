"""Rows 2-6 and 16: how connections by address begin, or do not."""
import time

from peers import OTHER, Failed, expect, finish, took_ms
from rows import BOTH, case

FEW = '--messages=5'
ANONYMOUS = {'kith': '--identity=ip:127.0.0.1', 'gns': ''}


def meet(bench, caller, caller_words=(), listener_words=(), rules=()):
    """Both peers, connected by address, through a proxy if there are rules. The caller sends."""
    listener, place = bench.udp_listener(OTHER[caller], '--job=echo', FEW, *listener_words)
    if rules:
        _, place = bench.proxy(place, *rules)
    return bench.peer(caller, place, '--job=send', FEW, *caller_words), listener


@case(2, *BOTH)
def anonymous(bench, caller):
    """Neither says who it is; both see the other's address, and a round trip."""
    client, server = meet(bench, caller, [ANONYMOUS[caller]], [ANONYMOUS[OTHER[caller]]])
    finish(client, server)
    for peer in (client, server):
        peer.wait_line(r'^connected ip:127\.0\.0\.1:\d+ ')
        ping = float(peer.wait_line(r'^status ping (-?[\d.]+) ms').group(1))
        expect(0 <= ping < 200, 'no ping', peer)
    return f'{took_ms(client)} ms'


@case(2, *BOTH)
def over_ipv6(bench, caller):
    listener, place = bench.udp_listener(OTHER[caller], '--job=echo', FEW, host='[::1]')
    client = bench.peer(caller, place, '--job=send', FEW)
    finish(client, listener)
    return f'{took_ms(client)} ms'


@case(3, *BOTH)
def identities(bench, caller):
    """Each sees the other's identity, of every kind that has a text of its own."""
    times = []
    for mine, theirs in (('str:alice', 'str:bob'), ('gen:00ff', 'str:0123456789012345678901234567890'),
                         ('steamid:76561197960287930', 'gen:' + '5a' * 31),
                         ('ip:192.0.2.7:99', 'steamid:76561197960287931')):
        client, server = meet(bench, caller, [f'--identity={mine}'], [f'--identity={theirs}'])
        finish(client, server)
        expect(client.has(f'^connected {theirs} '), f'not {theirs}', client)
        expect(server.has(f'^connected {mine} '), f'not {mine}', server)
        times.append(took_ms(client))
    return f'at most {max(times)} ms'


def lost_once(bench, caller, sender, lead):
    client, server = meet(bench, caller, rules=[f'drop:{sender}:{lead}:1'])
    finish(client, server)
    took = took_ms(client)
    expect(400 <= took < 2000, 'not as if a packet was lost and sent again', client)
    return f'{took} ms'


@case(4, *BOTH, waits=True)
def lost_challenge_request(bench, caller):
    return lost_once(bench, caller, 'caller', '20')


@case(4, *BOTH, waits=True)
def lost_challenge_reply(bench, caller):
    return lost_once(bench, caller, 'target', '21')


@case(4, *BOTH, waits=True)
def lost_connect_request(bench, caller):
    return lost_once(bench, caller, 'caller', '22')


@case(4, *BOTH, waits=True)
def lost_connect_ok(bench, caller):
    return lost_once(bench, caller, 'target', '23')


def accepted_late(bench, caller, delay):
    client, server = meet(bench, caller, listener_words=[f'--accept-delay={delay}'])
    finish(client, server)
    took = took_ms(client)
    expect(delay <= took < delay + 2000, 'not when it was accepted', client)
    return f'{took} ms'


@case(5, *BOTH, waits=True)
def accepted_after_3_seconds(bench, caller):
    return accepted_late(bench, caller, 3000)


@case(5, *BOTH, waits=True)
def accepted_after_6_seconds(bench, caller):
    """By then the request is older than a ConnectOK tells the delay of."""
    return accepted_late(bench, caller, 6000)


@case(6, *BOTH, waits=True)
def never_accepted(bench, caller):
    client, server = meet(bench, caller, listener_words=['--never-accept'])
    began = time.monotonic()
    client.wait_line(r'^closed (local|peer) 5003', 15)
    took = time.monotonic() - began
    server.wait_line(r'^closed (local|peer) 5003', 5)
    expect(8.5 < took < 13, f'after {took:.1f} s', client)
    return f'5003 after {took:.1f} s'


@case(6, *BOTH)
def refused(bench, caller):
    client, _ = meet(bench, caller, listener_words=['--refuse'])
    client.wait_line(r'^closed peer 1321 not today', 5)
    if client.wait_end(5) == 0:
        raise Failed(client.describe())


CIPHERS = {0: ['aes'], 1: ['aes', 'none'], 2: ['none', 'aes'], 3: ['none']}


def agreed(client, server):
    """The first of the server's that the client offers."""
    return next((cipher for cipher in CIPHERS[server] if cipher in CIPHERS[client]), None)


def check_ciphers(bench, caller, mine, theirs):
    client, server = meet(bench, caller, [f'--set=Unencrypted={mine}'], [f'--set=Unencrypted={theirs}'])
    cipher = agreed(mine, theirs)
    if cipher is None:
        client.wait_line('^closed (local|peer) 4002', 15)
        expect(not client.has('^connected'), f'{mine} and {theirs}: connected', client)
    else:
        finish(client, server)
        for peer in (client, server):
            expect(peer.has(f'^connected .* cipher {cipher} '), f'{mine} and {theirs}: not {cipher}', peer)
    bench.clean()


@case(16, *BOTH, waits=True)
def ciphers(bench, caller):
    """Every pair of the option Unencrypted."""
    for mine in CIPHERS:
        for theirs in CIPHERS:
            check_ciphers(bench, caller, mine, theirs)
    return '16 of 16'
