"""Network namespaces: hosts, LANs, routers with address translation. All of it is gone when we are."""
import os
import shutil
import subprocess
import sys

from peers import Failed, Skipped

INSIDE = 'KITH_INTEROP_INSIDE'


def enter_own_namespace():
    """Starts this program again in a network of its own, if that can be had."""
    if INSIDE in os.environ or not shutil.which('unshare') or not shutil.which('ip'):
        return
    for how in (['unshare', '-n'], ['unshare', '-rn']):
        if subprocess.run([*how, 'true'], stderr=subprocess.DEVNULL, check=False).returncode == 0:
            os.environ[INSIDE] = '1'
            os.execvp('unshare', [*how, sys.executable, *sys.argv])


def is_inside():
    return INSIDE in os.environ


class Place:
    """A host: a network namespace, held by a process that ends when we close its input."""

    def __init__(self):
        self.process = subprocess.Popen(['unshare', '-n', 'sh', '-c', 'echo; read end'], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)
        self.process.stdout.readline()
        self.run('ip', 'link', 'set', 'lo', 'up')

    @classmethod
    def here(cls):
        """Where this program runs itself."""
        place = cls.__new__(cls)
        place.process = None
        return place

    def enter(self):
        return ['nsenter', f'--net=/proc/{self.process.pid}/ns/net', '--'] if self.process else []

    def run(self, *command, text=None):
        done = subprocess.run([*self.enter(), *command], input=text, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Failed(f'{" ".join(command)}: {done.stderr}')

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


HERE = Place.here()


def pid_of(place):
    return place.process.pid if place.process else os.getpid()


def link(one, one_name, one_addresses, two, two_name, two_addresses):
    """A cable between two places."""
    HERE.run('ip', 'link', 'add', one_name, 'netns', str(pid_of(one)), 'type', 'veth', 'peer', 'name', two_name,
             'netns', str(pid_of(two)))
    for place, name, addresses in ((one, one_name, one_addresses), (two, two_name, two_addresses)):
        for address in addresses:
            # Without "nodad" an IPv6 address is not usable at once.
            place.run('ip', 'address', 'add', address, 'dev', name, *(['nodad'] if ':' in address else []))
        place.run('ip', 'link', 'set', name, 'up')


class Lan:
    """Here and another host, on one cable."""

    ADDRESS = '10.77.0.1'

    def __init__(self):
        HERE.run('ip', 'link', 'set', 'lo', 'up')
        self.there = Place()
        link(HERE, 'here', [f'{self.ADDRESS}/24', 'fd77::1/64'], self.there, 'there', ['10.77.0.2/24', 'fd77::2/64'])


# How a router translates: it keeps the port, or takes another one for every destination. What comes in
# without having been asked for is dropped, also what is for the router itself: an answer of its own
# would open its translation the wrong way round.
ROUTER = '''
table ip nat {{
	chain post {{
		type nat hook postrouting priority srcnat
		oifname "wan" masquerade {how}
	}}
}}
table ip filter {{
	chain forward {{
		type filter hook forward priority 0; policy drop
		ct state established,related accept
		iifname "lan" accept
	}}
	chain input {{
		type filter hook input priority 0
		iifname "wan" drop
	}}
}}
'''
KINDS = {'keeps ports': '', 'symmetric': 'fully-random'}


class Internet:
    """Two homes behind routers of a kind each, and a host with addresses for servers between them."""

    SIGNALING = STUN = '203.0.113.10'
    TURN = '203.0.113.20'

    def __init__(self, *kinds):
        if not is_inside():
            raise Skipped('network namespaces cannot be made')
        if not shutil.which('nft'):
            raise Skipped('nft is not there')
        self.middle = self._forwarding()
        self.places = [self.middle]
        for address in (self.SIGNALING, self.TURN):
            self.middle.run('ip', 'address', 'add', f'{address}/32', 'dev', 'lo')
        # What is for private addresses gets lost, as it does out there; coturn ends sessions on "no route".
        self.middle.run('ip', 'route', 'add', 'default', 'dev', 'lo')
        self.homes = [self._home(number, kind) for number, kind in enumerate(kinds, 1)]

    @staticmethod
    def _forwarding():
        place = Place()
        place.run('sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward')
        return place

    def _home(self, number, kind):
        router, home = self._forwarding(), Place()
        self.places += [router, home]
        link(self.middle, f'home{number}', [f'198.51.100.{16 * number + 1}/28'], router, 'wan',
             [f'198.51.100.{16 * number + 2}/28'])
        link(router, 'lan', [f'192.168.{number}.1/24'], home, 'eth0', [f'192.168.{number}.10/24'])
        router.run('ip', 'route', 'add', 'default', 'via', f'198.51.100.{16 * number + 1}')
        home.run('ip', 'route', 'add', 'default', 'via', f'192.168.{number}.1')
        router.run('nft', '-f', '-', text=ROUTER.format(how=KINDS[kind]))
        return home

    def close(self):
        for place in self.places:
            place.close()
