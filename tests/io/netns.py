"""Peers on machines of their own: `kith` in network namespaces, with NATs, STUN and relays between.

    python3 tests/io/netns.py BUILD_FOLDER [NAME...]

Needs root, namespaces, nftables and coturn; what is missing is told and its tests count as skipped. The last line is
`N passed, N failed, N skipped`.
"""

import ipaddress
import os
import signal
import socket
import struct
import time

from lab import NATS, Internet, add_address, start_relay, wait_until
from scene import (check, connected_event, equal, expect_failure, expect_success, ip_of, kith, local_network,
                   longest_reply, main, note, port_of, scene, served_internet, start_direct_ping, start_echo, start_ping,
                   start_signaling, stun, test, turn, udp_sockets_on)

# --- host candidates

@test
def two_machines_of_one_network():
    with scene() as lab:
        a, b, server = local_network(lab, '10.1.1.%d/24')
        url, recorder, _ = start_signaling(lab, server, server.address, record=True)
        start_echo(lab, b, url)
        state = expect_success(start_ping(lab, a, url), 'lan')
        equal((ip_of(state['local']), ip_of(state['remote'])), (a.address, b.address), 'addresses')
        for line in recorder.candidates():
            check('raddr' not in line, line)


@test
def data_goes_beside_libnice_and_by_it():
    for sibling in (1, 0):
        with scene() as lab:
            a, b, server = local_network(lab, '10.1.1.%d/24')
            url, _, _ = start_signaling(lab, server, server.address)
            start_echo(lab, b, url, '--config', f'UseSiblingSocket={sibling}')
            ping = start_ping(lab, a, url, '--config', f'UseSiblingSocket={sibling}', count=0, interval=0.02)
            ping.wait_for('"event":"reply".*"seq":20,')
            state = connected_event(ping)
            equal(udp_sockets_on(ping, port_of(state['local'])), 1 + sibling, 'sockets on the port of the session')
            ping.process.send_signal(signal.SIGINT)
            equal(ping.ends(), 0, 'status of ping')


@test
def only_addresses_that_a_peer_can_reach_are_told():
    with scene() as lab:
        a, b, server = local_network(lab, '10.1.1.%d/24')
        a.ip('link', 'add', 'docker0', 'type', 'bridge')
        a.ip('link', 'add', 'br-0123456789ab', 'type', 'bridge')
        for name, address in (('docker0', '172.17.0.1/16'), ('br-0123456789ab', '172.18.0.1/16')):
            a.ip('link', 'set', name, 'up')
            add_address(a, name, address)
        a.ip('link', 'add', 'tun7', 'type', 'veth', 'peer', 'name', 'tun8')
        add_address(a, 'tun7', '10.9.9.1/24')  # it is down
        add_address(a, 'eth0', '169.254.7.7/16')
        url, recorder, _ = start_signaling(lab, server, server.address, record=True)
        start_echo(lab, b, url)
        expect_success(start_ping(lab, a, url), 'lan')
        lines = recorder.candidates()
        check(any(' 10.1.1.2 ' in line for line in lines), f'{lines}')
        for line in lines:
            check(all(word not in line for word in (' 172.', ' 10.9.9.', ' 169.254.', ' fe80:', ' 127.', ' ::1 ')), line)


@test
def a_network_with_ipv6_only():
    with scene() as lab:
        a, b, server = local_network(lab, '2001:db8:1::%d/64')
        url, _, _ = start_signaling(lab, server, server.address)
        start_echo(lab, b, url, '--udp', '[::]:7000')
        state = expect_success(start_ping(lab, a, url), 'direct')
        equal((ip_of(state['local']), ip_of(state['remote'])), (a.address, b.address), 'addresses')
        direct = lab.start(a, 'ping', kith, 'ping', f'udp:[{b.address}]:7000', '--json', '-c', 3, '-i', 0.02)
        expect_success(direct, count=3)


@test
def both_families_and_nothing_else_than_link_local():
    with scene() as lab:
        a, b, server = local_network(lab, '10.1.1.%d/24', 'fd00:1::%d/64')
        url, _, _ = start_signaling(lab, server, server.address)
        start_echo(lab, b, url)
        state = expect_success(start_ping(lab, a, url), 'lan')
        note(f'chosen: {state["local"]} -> {state["remote"]}')
    with scene() as lab:
        # Two peers of one machine that has but a link-local address, and their signaling server.
        box = lab.box('one')
        box.ip('link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'eth1')
        box.ip('link', 'set', 'eth0', 'up')
        box.ip('link', 'set', 'eth1', 'up')
        url, recorder, _ = start_signaling(lab, box, '127.0.0.1', record=True)
        start_echo(lab, box, url)
        expect_success(start_ping(lab, box, url), 'loopback')
        for line in recorder.candidates():
            check(' 127.0.0.1 ' in line, line)


@test
def an_answer_comes_from_the_address_that_was_called():
    with scene() as lab:
        a, b, _ = local_network(lab, '10.1.1.%d/24', '10.1.2.%d/24', '2001:db8:1::%d/64', '2001:db8:2::%d/64')
        add_address(b, 'eth0', '10.1.1.77/24', '2001:db8:1::77/64')
        for listen, targets in (('0.0.0.0:7000', ('10.1.1.3', '10.1.1.77', '10.1.2.3')),
                                ('[::]:7001', ('10.1.1.77', '10.1.2.3', '[2001:db8:1::77]', '[2001:db8:2::3]'))):
            echo = lab.start(b, 'echo', kith, 'echo', '--udp', listen, '--json')
            echo.wait_for('"event":"ready"')
            for target in targets:
                ping = lab.start(a, 'ping', kith, 'ping', f'udp:{target}:{listen.rsplit(":", 1)[1]}', '--json', '-c', 3,
                                 '-i', 0.02)
                state = expect_success(ping, count=3)
                equal(ip_of(state['remote']), target.strip('[]'), 'the other end')


# --- NATs

def through_nats(lab, nat_a, nat_b, options, route, extra=()):
    net = Internet(lab, nat_a, nat_b)
    url, recorder, server = start_signaling(lab, net.server, net.SERVER, record=True)
    start_relay(lab, net.server, [net.RELAY])
    a, b = net.homes
    start_echo(lab, b, url, *options, *extra)
    ping = start_ping(lab, a, url, *options, *extra)
    state = expect_success(ping, route)
    note(f'{nat_a} x {nat_b}: {route} after {state["ms"]:.0f} ms')
    return net, state, recorder, server


@test
def a_way_through_two_nats_with_stun():
    for sibling in (1, 0):
        with scene() as lab:
            net, state, _, _ = through_nats(lab, 'restricted', 'restricted', stun(), 'direct',
                                            ('--config', f'UseSiblingSocket={sibling}'))
            equal(ip_of(state['remote']), net.homes[1].public, 'the other end')
            check(state['ms'] < 8000, f'{state["ms"]} ms')


@test
def without_stun_there_is_none_and_that_is_said():
    with scene() as lab:
        net = Internet(lab)
        url, _, _ = start_signaling(lab, net.server, net.SERVER)
        start_echo(lab, net.homes[1], url)
        expect_failure(start_ping(lab, net.homes[0], url, '--timeout', 3), 'no route')


@test
def servers_may_have_names():
    with scene() as lab:
        net, url = served_internet(lab, 'symmetric', 'symmetric')
        hosts = os.path.join(lab.folder, 'hosts')
        with open(hosts, 'w', encoding='ascii') as file:
            file.write(f'127.0.0.1 localhost\n{net.RELAY} relay.lab\n')
        start_echo(lab, net.homes[1], url, *turn())
        # A mount of its own, so that nothing of this machine changes.
        command = (f'mount --bind {hosts} /etc/hosts && exec {kith} ping str:bob --identity str:alice --signaling {url} '
                   f'--json -c 5 -i 0.05 {" ".join(stun("relay.lab") + turn(host="relay.lab"))}')
        ping = lab.start(net.homes[0], 'ping', 'unshare', '-m', 'sh', '-c', command)
        expect_success(ping, 'relay')


# --- relays

@test
def a_relay_over_udp():
    with scene() as lab:
        net, state, _, _ = through_nats(lab, 'symmetric', 'symmetric', stun() + turn(), 'relay')
        equal({ip_of(state['local']), ip_of(state['remote'])} - {net.homes[0].public, net.homes[1].public}, {net.RELAY},
              'addresses')


@test
def a_relay_over_tcp_where_udp_does_not_pass():
    with scene() as lab:
        through_nats(lab, 'tcp-only', 'restricted', turn('tcp'), 'relay')


@test
def a_relay_carries_large_messages():
    for transport in ('udp', 'tcp'):
        with scene() as lab:
            net, url = served_internet(lab, 'symmetric', 'symmetric')
            start_echo(lab, net.homes[1], url, *turn(transport))
            ping = start_ping(lab, net.homes[0], url, *turn(transport), '-s', 200000, '--timeout', 40, count=5)
            expect_success(ping, 'relay')


@test
def a_wrong_password_is_named_at_once():
    for transport in ('udp', 'tcp'):
        with scene() as lab:
            net, url = served_internet(lab)
            start_echo(lab, net.homes[1], url)
            begun = time.monotonic()
            ping = start_ping(lab, net.homes[0], url, '--relay-only', *turn(transport, password='wrong'), '--timeout', 40)
            expect_failure(ping, 'refuses the user or the password', f'{net.RELAY} port 3478 over {transport.upper()}')
            took = time.monotonic() - begun
            note(f'over {transport}: after {took:.1f} s')
            check(took < 20, 'that took too long')


@test
def a_wrong_password_costs_only_the_relay():
    with scene() as lab:
        net, url = served_internet(lab)
        start_echo(lab, net.homes[1], url, *stun())
        ping = start_ping(lab, net.homes[0], url, *stun(), *turn(password='wrong'), count=40)
        expect_success(ping, 'direct', count=40)
        check('refuses the user or the password' in ping.out() + ping.err(), 'nobody was told')


@test
def a_relay_that_is_not_there_is_named():
    with scene() as lab:
        net = Internet(lab)
        url, _, _ = start_signaling(lab, net.server, net.SERVER)
        # It swallows everything, as a firewall does.
        net.server.nft(f'table ip f {{\nchain i {{ type filter hook input priority 0; ip daddr {net.RELAY} drop; }}\n}}\n')
        start_echo(lab, net.homes[1], url)
        for transport in ('udp', 'tcp'):
            ping = start_ping(lab, net.homes[0], url, '--relay-only', *turn(transport), '--timeout', 60)
            expect_failure(ping, 'does not answer', f'{net.RELAY} port 3478')


@test
def the_end_gives_the_relay_back():
    with scene() as lab:
        net = Internet(lab, 'symmetric', 'symmetric')
        url, _, _ = start_signaling(lab, net.server, net.SERVER)
        relay = start_relay(lab, net.server, [net.RELAY])
        echo = start_echo(lab, net.homes[1], url, *turn())
        expect_success(start_ping(lab, net.homes[0], url, *turn()), 'relay')
        echo.stop()

        def count(word):
            return relay.out().count(word)
        check(count('ALLOCATE processed, success') >= 2, 'no allocation in the log of coturn')
        wait_until('every allocation is handed back',
                   lambda: count('REFRESH processed, success') >= count('ALLOCATE processed, success') or
                   count('delete: realm') >= count('ALLOCATE processed, success'), 10)


@test
def a_relay_answers_our_goodbye_and_that_is_heard():
    with scene() as lab:
        net, url = served_internet(lab)
        start_echo(lab, net.homes[1], url, *stun())
        took = []
        for _ in range(3):
            ping = start_ping(lab, net.homes[0], url, *stun(), *turn(), *turn('tcp'))
            ping.wait_for('"event":"summary"')
            begun = time.monotonic()
            equal(ping.ends(), 0, 'status of ping')
            took.append(time.monotonic() - begun)
        # Unheard answers are asked for three times, which takes 0.8 s.
        check(min(took) < 0.5, f'the end took {min(took):.2f} s')


@test
def a_relay_that_goes_ends_the_connection_with_a_reason():
    with scene() as lab:
        net = Internet(lab, 'symmetric', 'symmetric')
        url, _, _ = start_signaling(lab, net.server, net.SERVER)
        relay = start_relay(lab, net.server, [net.RELAY])
        start_echo(lab, net.homes[1], url, *turn())
        ping = start_ping(lab, net.homes[0], url, *turn(), '--config', 'TimeoutConnected=3000', count=0, interval=0.1)
        ping.wait_for('"event":"reply".*"seq":3,')
        relay.kill()
        equal(ping.ends(), 1, 'status of ping')
        check('does not answer' in ping.out() + ping.err(), 'no reason')


@test
def a_relay_over_ipv6():
    with scene() as lab:
        a, b, server = local_network(lab, '2001:db8:1::%d/64')
        url, _, _ = start_signaling(lab, server, server.address)
        start_relay(lab, server, [server.address])
        relay = turn(host=f'[{server.address}]')
        start_echo(lab, b, url, *relay, *stun(f'[{server.address}]'))
        state = expect_success(start_ping(lab, a, url, '--relay-only', *relay), 'relay')
        equal(ip_of(state['local']), server.address, 'our end')


# --- what happens to a connection

@test
def an_address_that_goes_ends_the_connection_and_nothing_else():
    with scene() as lab:
        a, b, server = local_network(lab, '10.1.1.%d/24')
        add_address(a, 'eth0', '10.1.1.99/24')
        url, _, _ = start_signaling(lab, server, server.address)
        echo = start_echo(lab, b, url, '--udp', '10.1.1.3:7000', '--config', 'TimeoutConnected=2000')
        ping = start_ping(lab, a, url, '--config', 'TimeoutConnected=2000', count=0, interval=0.05)
        ping.wait_for('"event":"reply".*"seq":5,')
        a.ip('addr', 'flush', 'dev', 'eth0')
        equal(ping.ends(), 1, 'status of ping')
        add_address(a, 'eth0', '10.1.1.2/24')
        echo.wait_for('"state":"closed"')
        # The other peer goes on, for us as well.
        again = lab.start(a, 'ping', kith, 'ping', 'udp:10.1.1.3:7000', '--json', '-c', 3, '-i', 0.02)
        expect_success(again, count=3)
        expect_success(start_ping(lab, a, url), 'lan')


@test
def a_client_by_address_may_get_another_public_one():
    for post, address in (('meta l4proto udp masquerade to :40000-40100', '198.51.100.18/28'), ('masquerade', '198.51.100.19/28')):
        with scene() as lab:
            net = Internet(lab)
            lab.start(net.server, 'echo', kith, 'echo', '--udp', f'{net.SERVER}:7000', '--json').wait_for('"event":"ready"')
            ping = start_direct_ping(lab, net.homes[0], f'{net.SERVER}:7000')
            gateway = net.gateways[0]
            # Translations end with the address that they led to.
            gateway.ip('addr', 'del', '198.51.100.18/28', 'dev', 'wan')
            gateway.nft(NATS['restricted'].replace('masquerade', post))
            add_address(gateway, 'wan', address)
            gateway.ip('route', 'replace', 'default', 'via', '198.51.100.17')
            expect_success(ping, count=150)
            took = longest_reply(ping)
            note(f'{post}, {address}: the longest reply took {took:.0f} ms')
            check(took < 1000, 'that took too long')


@test
def each_side_by_address_may_move():
    for moving, before, after in ((0, '10.1.1.2/24', '10.1.1.22/24'), (1, '10.1.1.3/24', '10.1.1.33/24')):
        with scene() as lab:
            boxes = local_network(lab, '10.1.1.%d/24')
            echo = lab.start(boxes[1], 'echo', kith, 'echo', '--udp', '0.0.0.0:7000', '--json')
            echo.wait_for('"event":"ready"')
            ping = start_direct_ping(lab, boxes[0], '10.1.1.3:7000')
            boxes[moving].ip('addr', 'del', before, 'dev', 'eth0')
            add_address(boxes[moving], 'eth0', after)
            expect_success(ping, count=150)
            took = longest_reply(ping)
            note(f'{before} became {after}: the longest reply took {took:.0f} ms')
            check(took < 1000, 'that took too long')


def start_long_ping(lab, box, url, *options):
    """Long enough for what is about to happen."""
    ping = start_ping(lab, box, url, *options, count=250, interval=0.02)
    ping.wait_for('"event":"reply".*"seq":20,')
    return ping


def expect_survival(ping, what, limit):
    expect_success(ping, count=250)
    took = longest_reply(ping)
    note(f'{what}: the longest reply took {took:.0f} ms')
    check(took < limit, f'{what}: {took:.0f} ms are too long')


@test
def a_route_may_come_later_than_its_address():
    late = 1.5
    with scene() as lab:
        net, url = served_internet(lab)
        start_echo(lab, net.homes[1], url, *stun())
        ping = start_long_ping(lab, net.homes[0], url, *stun())
        net.homes[0].ip('addr', 'flush', 'dev', 'eth0')
        add_address(net.homes[0], 'eth0', '192.168.1.77/24')
        time.sleep(late)
        net.homes[0].ip('route', 'add', 'default', 'via', '192.168.1.1')
        expect_survival(ping, f'a route {late} s later', 1000 * late + 600)


@test
def each_side_by_signals_may_move():
    for moving, before, after in ((0, '10.1.1.2/24', '10.1.1.22/24'), (1, '10.1.1.3/24', '10.1.1.33/24')):
        with scene() as lab:
            boxes = local_network(lab, '10.1.1.%d/24')
            url, _, _ = start_signaling(lab, boxes[2], boxes[2].address)
            start_echo(lab, boxes[1], url)
            ping = start_long_ping(lab, boxes[0], url)
            boxes[moving].ip('addr', 'del', before, 'dev', 'eth0')
            add_address(boxes[moving], 'eth0', after)
            expect_survival(ping, f'{before} became {after}', 3000)


@test
def a_translator_may_forget_a_peer():
    for options in (stun(), stun() + turn()):
        with scene() as lab:
            net, url = served_internet(lab)
            start_echo(lab, net.homes[1], url, *options)
            ping = start_long_ping(lab, net.homes[0], url, *options)
            gateway = net.gateways[0]
            gateway.ip('addr', 'del', '198.51.100.18/28', 'dev', 'wan')
            add_address(gateway, 'wan', '198.51.100.19/28')
            gateway.ip('route', 'replace', 'default', 'via', '198.51.100.17')
            expect_survival(ping, 'another public address', 4000)


@test
def strangers_cannot_disturb():
    with scene() as lab:
        a, b, server = local_network(lab, '10.1.1.%d/24')
        url, _, _ = start_signaling(lab, server, server.address)
        start_echo(lab, b, url)
        ping = start_ping(lab, a, url, count=200, interval=0.02)
        ping.wait_for('"event":"reply".*"seq":5,')
        state = connected_event(ping)
        targets = [(ip_of(state[end]), port_of(state[end])) for end in ('local', 'remote')]
        with server.inside():
            stranger = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        with stranger:
            for number in range(5000):
                junk = os.urandom(8 + number % 90)
                # As data, as STUN, as a STUN answer, as a relay's channel, and as it comes.
                lead = (b'\x80', b'\x00\x01\x00\x00\x21\x12\xa4\x42', b'\x01\x01\x00\x0c\x21\x12\xa4\x42', b'\x40\x00\x00\x04',
                        b'\x24', b'')[number % 6]
                stranger.sendto(lead + junk, targets[number % 2])
        expect_success(ping, 'lan', count=200)


# --- what is told to whom

def forms_of(address):
    """An address as it may stand in bytes: text, binary, and binary as STUN disguises it."""
    packed = ipaddress.ip_address(address).packed
    cookie = struct.unpack('!I', b'\x21\x12\xa4\x42')[0]
    disguised = struct.pack('!I', struct.unpack('!I', packed)[0] ^ cookie)
    return [address.encode('ascii'), packed, disguised]


def expect_hidden(where, name, chunks, addresses):
    for address in addresses:
        for form in forms_of(address):
            for chunk in chunks:
                check(form not in chunk, f'{address} of {name} stands in {where}: {chunk[:80]!r}')


@test
def relay_only_reveals_no_address():
    for both in (True, False):
        with scene() as lab:
            net = Internet(lab)
            url, recorder, _ = start_signaling(lab, net.server, net.SERVER, record=True)
            start_relay(lab, net.server, [net.RELAY])
            a, b = net.homes
            # What reaches b's home from outside, and what b itself sees.
            captures = [lab.capture(net.router, 'b'), lab.capture(b, 'eth0')]
            leaving = lab.capture(net.router, 'a')
            start_echo(lab, b, url, *(['--relay-only'] if both else stun()), *turn())
            ping = start_ping(lab, a, url, '--relay-only', *stun(), *turn(), '-s', 3000, count=30)
            expect_success(ping, 'relay', count=30)
            ours = [a.private, a.public]
            seen = [packet for capture in captures for packet in capture.end()]
            check(sum(packet.protocol == 17 for packet in seen) > 30, 'the capture saw nothing')
            for packet in seen:
                check(packet.source not in ours and packet.target not in ours, f'{packet} reaches the peer')
            for packet in leaving.end():
                check(packet.target not in (b.private, b.public), f'{packet} goes to the peer itself')
            udp = [packet.payload for packet in seen if packet.protocol == 17]
            expect_hidden('what reaches the peer', 'a', udp, ours)
            signals = recorder.signals()
            check(len(signals) >= 3, 'no signals were recorded')
            expect_hidden('a signal', 'a', signals, ours)
            if both:
                expect_hidden('a signal', 'b', signals, [b.private, b.public])
            kinds = {line.split()[7] for line in recorder.candidates()}
            check(kinds == {'relay'} if both else 'relay' in kinds, f'{kinds}')


def shared_under(lab, policy):
    """The kinds of candidates that the caller tells, and the route that is found with them."""
    net = Internet(lab)
    url, recorder, _ = start_signaling(lab, net.server, net.SERVER, record=True)
    start_relay(lab, net.server, [net.RELAY])
    a, b = net.homes[0], net.neighbour(lab) if policy == 'private' else net.homes[1]
    # The other side has no relay: the ones that are told are the caller's.
    start_echo(lab, b, url, *stun())
    ping = start_ping(lab, a, url, *stun(), *turn(), '--share', policy, count=60)
    state = expect_success(ping, count=60)
    kinds = set()
    for line in recorder.candidates():
        words = line.split()
        if words[7] == 'relay':
            kinds.add('relay')
        elif words[4] in (a.private, a.public):
            equal(words[7], 'host' if words[4] == a.private else 'srflx', line)
            # The two of one home are seen alike, so there it may be the other's.
            if policy != 'private' or words[7] == 'host':
                kinds.add(words[7])
    if policy != 'private':
        return kinds, state['route'], recorder
    ports = {int(line.split()[5]) for line in recorder.candidates() if line.split()[4] == a.public}
    check(port_of(state['local']) not in ports, 'our own public address is told')
    return kinds, state['route'], recorder


@test
def candidates_are_shared_by_policy():
    for policy, kinds, route in (('private', {'host'}, 'lan'), ('public', {'srflx'}, 'direct'), ('relay', {'relay'}, 'relay'),
                                 ('private,public,relay', {'host', 'srflx', 'relay'}, 'direct')):
        with scene() as lab:
            found, way, recorder = shared_under(lab, policy)
            equal((found, way), (kinds, route), f'candidates and route under "{policy}": {recorder.candidates()}')


@test
def the_signaling_server_may_go():
    with scene() as lab:
        net = Internet(lab)
        url, _, server = start_signaling(lab, net.server, net.SERVER)
        relay = start_relay(lab, net.server, [net.RELAY])
        a, b = net.homes
        start_echo(lab, b, url, *stun(), *turn())
        ping = start_ping(lab, a, url, *stun(), *turn(), count=60, interval=0.05)
        ping.wait_for('"event":"reply".*"seq":5,')
        server.kill()
        relay.kill()
        expect_success(ping, 'direct', count=60)


main()
