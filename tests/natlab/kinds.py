"""Kinds of homes: what stands between a peer and the internet, and the nftables rules that make it so.

What a kind is meant to be is written here; what it is, probe.py finds out.
"""

from dataclasses import dataclass

# What translates: which port a socket gets outside, who may write back to it, and whether the
# inside reaches itself by the outside address. Words of RFC 4787: endpoint-independent (EI),
# address-dependent (AD), address- and port-dependent (APD).


@dataclass(frozen=True)
class Nat:
    mapping: str = 'EI'
    filtering: str = 'APD'
    keeps_ports: bool = True
    hairpin: bool = False


@dataclass(frozen=True)
class Kind:
    what: str
    layers: tuple = ()      # from the peer outwards; none: its own address is public
    ipv4: bool = True
    ipv6: bool = False
    firewall: bool = False  # at the peer itself, where there is no layer
    udp: bool = True
    hosts: int = 1          # peers that such a home is made for


CONE = Nat()
CHANGING = Nat(keeps_ports=False)
SYMMETRIC = Nat(mapping='APD', keeps_ports=False)

KINDS = {
    'public': Kind('a public address, nothing between'),
    'firewall': Kind('a public address; only answers come in', firewall=True),
    'fullcone': Kind('NAT, one port for all; anybody may write to it', (Nat(filtering='EI', hairpin=True),)),
    'addrrest': Kind('NAT, one port for all; hosts that were written to may answer from any port',
                     (Nat(filtering='AD', hairpin=True),)),
    'portrest': Kind('NAT, one port for all; only who was written to may answer', (CONE,)),
    'changing': Kind('as portrest, with another port than the inner one', (CHANGING,)),
    'hairpin': Kind('as portrest; those inside reach each other by the outer address', (Nat(hairpin=True),)),
    'symmetric': Kind('NAT, another port for each destination', (SYMMETRIC,)),
    'cgnat': Kind('portrest at home, changing at the carrier', (CONE, CHANGING)),
    'cgnat-sym': Kind('portrest at home, symmetric at the carrier', (CONE, SYMMETRIC)),
    'tcp-only': Kind('portrest, and UDP does not pass', (CONE,), udp=False),
    'dual': Kind('portrest; beside it IPv6, of which only answers come in', (CONE,), ipv6=True),
    'dual-sym': Kind('symmetric; beside it IPv6, of which only answers come in', (SYMMETRIC,), ipv6=True),
    'ipv6': Kind('IPv6 alone, of which only answers come in', (CONE,), ipv4=False, ipv6=True),
}

FIREWALL = '''
table inet filter {{
	chain input {{
		type filter hook input priority 0; policy drop;
		iifname {{ "lo", "lan" }} accept
		ct state established,related accept
		icmpv6 type {{ nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert }} accept
	}}
	chain forward {{
		type filter hook forward priority 0; policy drop;
		{blocked}
		ct state established,related accept
		ct status dnat accept
		iifname "lan" accept
	}}
}}
'''

# `known` is who inside owns a port outside, learned from what leaves; `met` is whom the port wrote to.
# Without them the kernel lets in exactly the other end of what went out.
TRANSLATION = '''
table ip nat {{
	map known {{
		type inet_service : ipv4_addr . inet_service; flags dynamic,timeout; timeout 120s; size 65535;
	}}
	set met {{
		type ipv4_addr . inet_service; flags dynamic,timeout; timeout 120s; size 65535;
	}}
	chain pre {{
		type nat hook prerouting priority dstnat;
		{inwards}
	}}
	chain post {{
		type nat hook postrouting priority srcnat;
		oifname "wan" {outwards}
		iifname "lan" oifname "lan" ct status dnat snat to {public}
	}}
	chain learn {{
		type filter hook postrouting priority srcnat + 10;
		ip saddr {public} meta l4proto udp ct direction original \
			update @known {{ udp sport : ct original ip saddr . ct original proto-src }}
		ip saddr {public} meta l4proto udp ct direction original update @met {{ ip daddr . udp sport }}
	}}
}}
'''


def firewall_rules(udp=True):
    """Only answers come in; what is not wanted is dropped without a word."""
    return FIREWALL.format(blocked='' if udp else 'meta l4proto udp drop')


def nat_rules(nat, public, udp=True):
    """Of a gateway with interfaces `lan` and `wan` and that address outside."""
    target = 'dnat ip to udp dport map @known'
    inwards = {'EI': f'iifname "wan" meta l4proto udp {target}',
               'AD': f'iifname "wan" ip saddr . udp dport @met {target}', 'APD': ''}[nat.filtering]
    if nat.hairpin:
        inwards += f'\n\t\tiifname "lan" ip daddr {public} meta l4proto udp {target}'
    outwards = f'snat to {public}'
    if nat.mapping == 'APD':
        outwards += ' fully-random'
    elif not nat.keeps_ports:
        outwards = f'meta l4proto {{ tcp, udp }} snat to {public}:20000-29999'
    return firewall_rules(udp) + TRANSLATION.format(inwards=inwards, outwards=outwards, public=public)
