"""How much goes over a connection and how large its packets are: `kith` in network namespaces with narrow links.

    python3 tests/io/netns_sizes.py BUILD_FOLDER [NAME...]

What it needs and says is as for netns.py.
"""

import hashlib
import os
import re
import time

from lab import add_address
from scene import (check, equal, expect_success, kith, local_network, longest_reply, main, note, scene,
                   served_internet, start_echo, start_ping, start_signaling, stun, test, turn)

# --- narrow links

@test
def a_link_too_narrow_for_a_packet():
    # 1300 bytes and their headers do not fit: the system cuts them, on the spot or on the way.
    with scene() as lab:
        net, url = served_internet(lab, mtu=1280)
        a, b = net.homes
        start_echo(lab, b, url, *stun())
        expect_success(start_ping(lab, a, url, *stun(), '-s', 100000, count=5), 'direct')


def across_a_router(lab, mtu_a, mtu_b):
    """Two peers on links of their own, over IPv6; the signaling server is on the router."""
    router = lab.box('r')
    router.set('net.ipv6.conf.all.forwarding', 1)
    boxes = []
    for number, (short, mtu) in enumerate((('a', mtu_a), ('b', mtu_b)), 1):
        box = lab.box(short)
        lab.link(router, short, box, 'eth0', mtu=mtu)
        add_address(router, short, f'2001:db8:{number}::1/64')
        box.address = f'2001:db8:{number}::2'
        add_address(box, 'eth0', f'{box.address}/64')
        box.ip('route', 'add', 'default', 'via', f'2001:db8:{number}::1')
        boxes.append(box)
    return *boxes, router


@test
def links_of_the_least_mtu_of_ipv6():
    # A packet of 1300 bytes does not fit into 1280, and no router may cut it: who sends has to, as soon as it is told.
    for mtus in ((1280, 1280), (1500, 1280), (1280, 1500)):
        with scene() as lab:
            a, b, router = across_a_router(lab, *mtus)
            url, _, _ = start_signaling(lab, router, '2001:db8:1::1')
            start_echo(lab, b, url, '--udp', '[::]:7000')
            for size in (16, 1100, 1200, 1232, 1280, 1400, 20000, 524288):
                for how in ((), ('--unreliable',)):
                    expect_success(start_ping(lab, a, url, '-s', size, *how, count=3, interval=0.02), 'direct', 3)
                    direct = lab.start(a, 'ping', kith, 'ping', f'udp:[{b.address}]:7000', '--json', '-c', 3, '-i', 0.02,
                                       '-s', size, *how)
                    expect_success(direct, count=3)


def narrow_internet(lab, mtu):
    """The line of the first home is narrow. Its gateway and the router cut what is too large."""
    net, url = served_internet(lab)
    net.router.ip('link', 'set', 'dev', 'a', 'mtu', mtu)
    net.gateways[0].ip('link', 'set', 'dev', 'wan', 'mtu', mtu)
    return net, url


def drop_fragments(net):
    """As some firewalls do; and nobody hears of it."""
    net.router.nft("""
table ip filter {
	chain forward { type filter hook forward priority 0; ip frag-off & 0x3fff != 0 drop; }
	chain output { type filter hook output priority 0; icmp type destination-unreachable drop; }
}
""")
    gateway = net.gateways[0]
    with open(f'{gateway.lab.folder}/ingress.nft', 'w', encoding='utf-8') as file:
        file.write("""
table netdev early {
	chain wan { type filter hook ingress device "wan" priority 0; ip frag-off & 0x3fff != 0 drop; }
}
table ip late {
	chain output { type filter hook output priority 0; icmp type destination-unreachable drop; }
}
""")
    gateway.exec('nft', '-f', file.name)


def packet_size(process):
    """What the report of a caller says of its last path."""
    found = re.search(r'of up to (\d+) bytes', process.out() + process.err())
    check(found, f'{process.name} says nothing of the size of packets')
    return int(found[1])


def expect_size(process, mtu, headers=28):
    size = packet_size(process)
    check(mtu - headers - 16 < size <= mtu - headers, f'packets of up to {size} bytes on a path of {mtu}')
    return size


def large_ping(lab, box, target, *options):
    return lab.start(box, 'ping', kith, 'ping', target, '--identity', 'str:alice', '--json', '--report', '-c', 40, '-i', 0.05, '-s', 20000,
                     *options)


@test
def the_size_that_a_path_takes_is_found():
    for mtu in (1500, 1400, 1000):
        for way in ('by address', 'by signals'):
            with scene() as lab:
                net, url = narrow_internet(lab, mtu)
                direct = way == 'by address'
                start_echo(lab, net.server if direct else net.homes[1], url, *(['--udp', f'{net.SERVER}:7000'] if direct else stun()))
                ping = large_ping(lab, net.homes[0], f'udp:{net.SERVER}:7000') if direct else \
                    large_ping(lab, net.homes[0], 'str:bob', '--signaling', url, *stun())
                expect_success(ping, count=40)
                note(f'{way}, MTU {mtu}: packets of up to {expect_size(ping, mtu)} bytes')


@test
def a_narrow_path_without_fragments_is_no_black_hole():
    for way in ('by address', 'by signals', 'through a relay'):
        with scene() as lab:
            net, url = narrow_internet(lab, 1000)
            drop_fragments(net)
            a, b = net.homes
            if way == 'by address':
                start_echo(lab, net.server, url, '--udp', f'{net.SERVER}:7000')
                ping = large_ping(lab, a, f'udp:{net.SERVER}:7000')
            else:
                options = ['--relay-only', *turn()] if way == 'through a relay' else stun()
                start_echo(lab, b, url, *options)
                ping = large_ping(lab, a, 'str:bob', '--signaling', url, *options)
            expect_success(ping, count=40)
            # What the relay adds is not known here.
            size = packet_size(ping) if way == 'through a relay' else expect_size(ping, 1000)
            note(f'{way}: packets of up to {size} bytes; the longest reply took {longest_reply(ping):.0f} ms')
            check(size <= 1000 - 28, f'packets of {size} bytes')


@test
def nobody_tells_of_a_narrow_path_of_ipv6():
    with scene() as lab:
        a, b, router = across_a_router(lab, 1500, 1280)
        router.nft('table ip6 filter { chain output { type filter hook output priority 0; icmpv6 type packet-too-big drop; }; }')
        url, _, _ = start_signaling(lab, router, '2001:db8:1::1')
        start_echo(lab, b, url, '--udp', '[::]:7000')
        for target in (('str:bob', '--signaling', url), (f'udp:[{b.address}]:7000',)):
            ping = large_ping(lab, a, *target)
            expect_success(ping, count=40)
            expect_size(ping, 1280, 48)


# --- load

def stream(lab, a, b, url, options, size):
    """`size` random bytes from one peer to the other; returns bytes a second."""
    source = os.path.join(lab.folder, 'source')
    with open(source, 'wb') as file:
        file.write(os.urandom(size))
    listen = lab.start(b, 'listen', kith, 'listen', '--identity', 'str:bob', '--signaling', url, *options)
    listen.wait_for('^ready')
    begun = time.monotonic()
    with open(source, 'rb') as stdin:
        connect = lab.start(a, 'connect', kith, 'connect', 'str:bob', '--identity', 'str:alice', '--signaling', url, *options,
                            stdin=stdin)
    equal(connect.ends(100), 0, 'status of connect')
    took = time.monotonic() - begun
    equal(listen.ends(30), 0, 'status of listen')
    digests = []
    for path in (source, listen.out_path):
        with open(path, 'rb') as file:
            digests.append(hashlib.sha256(file.read()).hexdigest())
        os.truncate(path, 0)
    equal(digests[0], digests[1], 'the hash of what came')
    return size / took


@test
def much_data_by_each_way():
    for sibling in (1, 0):
        for gso in (1, 0):
            with scene() as lab:
                a, b, server = local_network(lab, '10.1.1.%d/24')
                url, _, _ = start_signaling(lab, server, server.address)
                options = ['--config', f'UseSiblingSocket={sibling}', '--config', f'UseGso={gso}']
                rate = stream(lab, a, b, url, options, 30_000_000)
                note(f'UseSiblingSocket={sibling} UseGso={gso}: {rate / 1e6:.0f} MB/s with start and end')


@test
def much_data_through_nats_and_relays():
    with scene() as lab:
        net, url = served_internet(lab)
        a, b = net.homes
        note(f'through two NATs: {stream(lab, a, b, url, stun(), 20_000_000) / 1e6:.0f} MB/s')
        for transport in ('udp', 'tcp'):
            rate = stream(lab, a, b, url, ['--relay-only', *turn(transport)], 5_000_000)
            note(f'through relays over {transport}: {rate / 1e6:.1f} MB/s')


main()
