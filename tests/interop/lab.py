"""Network namespaces: hosts, LANs, routers with address translation. All of it is gone when we are."""
import os
import shutil
import subprocess
import sys

from peers import Skipped

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
            raise RuntimeError(f'{" ".join(command)}: {done.stderr}')

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


HERE = Place.here()


def pid_of(place):
    return place.process.pid if place.process else os.getpid()


def link(one, one_name, one_addresses, two, two_name, two_addresses):
    """A cable between two places."""
    HERE.run('ip', 'link', 'add', one_name, 'netns', str(pid_of(one)), 'type', 'veth', 'peer', 'name', two_name, 'netns',
             str(pid_of(two)))
    for place, name, addresses in ((one, one_name, one_addresses), (two, two_name, two_addresses)):
        for address in addresses:
            # Without "nodad" an IPv6 address is not usable at once.
            place.run('ip', 'address', 'add', address, 'dev', name, *(['nodad'] if ':' in address else []))
        place.run('ip', 'link', 'set', name, 'up')


class Lan:
    """Here and another host, on one cable."""

    def __init__(self):
        if not is_inside():
            raise Skipped('network namespaces cannot be made')
        HERE.run('ip', 'link', 'set', 'lo', 'up')
        self.there = Place()
        link(HERE, 'here', ['10.77.0.1/24', 'fd77::1/64'], self.there, 'there', ['10.77.0.2/24', 'fd77::2/64'])
