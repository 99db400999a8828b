"""Rows 28 and 29: certificates. GNS trusts the one root that it was built for; KITH_INTEROP_ROOT has its
private key, if that is ours. The Kith peers are the command."""
import json
import os
import subprocess
import tempfile

from peers import Skipped, expect, free_port
from rows import BOTH, case

UNSIGNED = 'the certificate is not signed by an authority'


class Authority:
    """A root, an authority below it, and the keys and certificates of a Kith peer, in a folder."""

    def __init__(self, bench, root=None):
        self.kith_program = bench.programs['signald']
        self.folder = tempfile.TemporaryDirectory()
        self.root = root or self._key('root')
        self.root_public = self.path('root.pub')
        self._kith('key', 'public', self.root, '--out', self.root_public)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def _kith(self, *words):
        subprocess.run([self.kith_program, *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def _key(self, name):
        self._kith('key', 'new', self.path(f'{name}.key'), '--public', self.path(f'{name}.pub'))
        return self.path(f'{name}.key')

    def certify(self, chained=False):
        """Options of a Kith peer str:kith with a certificate, by an authority between if `chained`."""
        signer, more = self.root, []
        if chained:
            signer = self._key('office')
            self._kith('cert', 'sign', self.path('office.pub'), '--authority', '--key', self.root, '--out',
                       self.path('office.cert'))
            more = ['--chain', self.path('office.cert')]
        key = self._key('kith')
        self._kith('cert', 'sign', self.path('kith.pub'), '--identity', 'str:kith', '--key', signer, '--out',
                   self.path('kith.cert'), *more)
        return ['--key', key, '--cert', self.path('kith.cert')]

    def sign(self, request):
        """What a GNS peer with --certificate waits for."""
        self._kith('cert', 'sign', request, '--key', self.root, '--binary', '--out', request + '.cert')


def start_kith(bench, command, *words):
    return bench.start([bench.programs['signald'], command, '--json', *words])


def start_gns(bench, place, authority, *words):
    """A GNS peer, certified by the authority if there is one."""
    if authority is None:
        return bench.peer('gns', '--identity=str:gns', f'--udp={place}', *words)
    request = authority.path('request')
    gns = bench.peer('gns', '--identity=str:gns', f'--udp={place}', f'--certificate={request}', *words)
    gns.wait_line('^request written')
    authority.sign(request)
    return gns


def meet(bench, caller, kith_words, gns_words=(), authority=None):
    """A peer of each kind, the one calling the other. Returns (kith, gns)."""
    place = f'127.0.0.1:{free_port()}'
    if caller == 'gns':
        kith = start_kith(bench, 'echo', '--udp', place, *kith_words)
        kith.wait_line('"ready"')
        return kith, start_gns(bench, place, authority, '--stay', *gns_words)
    gns = start_gns(bench, place, authority, '--listen', '--stay', *gns_words)
    gns.wait_line('^ready')
    return start_kith(bench, 'connect', f'udp:{place}', *kith_words), gns


def connected(kith):
    """What the Kith peer says of its connection."""
    kith.wait_line('"state":"connected"')
    return json.loads(next(line for line in kith.lines if '"state":"connected"' in line))


@case(28, *BOTH)
def unknown_to_gns(bench, caller):
    """A certificate and a chain that GNS cannot check are no hindrance, where it does not ask for proof."""
    authority = Authority(bench)
    kith, gns = meet(bench, caller, authority.certify(chained=True))
    gns.wait_line('^connected str:kith ')
    how = connected(kith)
    expect(how['peer'] == 'str:gns' and how['proof'] == 'nothing' and how['doubt'] == 'unsigned', 'not as it is', kith)


@case(28, *BOTH)
def demanded_by_kith(bench, caller):
    authority = Authority(bench)
    kith, gns = meet(bench, caller, ['--trust', authority.root_public, '--require', 'certificate'])
    gns.wait_line(f'^closed peer 4003 {UNSIGNED}')
    expect(not kith.has('"connected"'), 'connected', kith)


def own_root(bench):
    path = os.environ.get('KITH_INTEROP_ROOT')
    if not path:
        raise Skipped('KITH_INTEROP_ROOT does not say whom this GNS trusts')
    return Authority(bench, path)


def demand(caller):
    """Settings by which GNS asks for proof. Where it listens, it has to be content without, and can only tell."""
    value = 0 if caller == 'gns' else 1
    return [f'--set=IP_AllowWithoutAuth={value}', f'--set=IPLocalHost_AllowWithoutAuth={value}']


@case(29, *BOTH)
def demanded_by_both(bench, caller):
    authority = own_root(bench)
    words = [*authority.certify(), '--trust', authority.root_public, '--require', 'certificate']
    kith, gns = meet(bench, caller, words, demand(caller), authority)
    gns.wait_line('^connected str:kith ')
    how = connected(kith)
    expect(how['peer'] == 'str:gns' and how['proof'] == 'certificate', 'not proved', kith)


@case(29, 'gns')
def another_root(bench, caller):
    authority = own_root(bench)
    stranger = Authority(bench)
    kith, gns = meet(bench, caller, stranger.certify(), demand(caller), authority)
    gns.wait_line(r'^closed local 4003 Bad cert: CA key \d+ is not known to us')
    kith.wait_line('Bad cert')
