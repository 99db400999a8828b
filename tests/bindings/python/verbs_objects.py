"""Verbs: endpoints, connections, keys, certificates, options, values."""

import time

import kith
from kith import certificates

from world import Carrier, Failure, check_fact, config_of, number


def expect(good, seen):
    if not good:
        raise Failure(f'it is {seen!r}')


class Objects:
    """Functions of a world and a step: see tests/bindings/README.md."""

    async def endpoint(self, w, s):
        k = s.keys
        trust = None
        if 'trust' in k:
            known = w[k['trust'].split(b',')[0]]
            trust = w.key(k['trust']) if isinstance(known, (kith.PrivateKey, kith.PublicKey)) else w.certificates(k['trust'])
        endpoint = kith.Endpoint(
            w.identity(k['identity']) if 'identity' in k else None, key=w[k['key']] if 'key' in k else None,
            app_id=int(k.get('app', 0)), certificate=w.certificates(k['certificate']) if 'certificate' in k else None, trust=trust,
            revoked=[w.key(name) for name in k['revoked'].split(b',')] if 'revoked' in k else None, config=config_of(k))
        w.add_endpoint(s.args[0].decode(), endpoint)

    async def destroy(self, w, s):
        w[s.args[0]].close()

    async def endpoint_is(self, w, s):
        endpoint = w[s.args[0]]
        if 'identity' in s.keys:
            expect(endpoint.identity.same(w.identity(s.keys['identity'])), endpoint.identity)
        if 'public' in s.keys:
            expect(endpoint.public_key == w.key(s.keys['public']), endpoint.public_key)

    async def listen(self, w, s):
        where = int(s.keys['port']) if 'port' in s.keys else s.keys['address'].decode()
        w.add(s.args[0].decode(), w[s.keys['on']].listen(
            where, config=config_of(s.keys), user_data=int(s.keys.get('user_data', 0)), symmetric=s.keys.get('symmetric') == b'1',
            group=w[s.keys['group']] if 'group' in s.keys else None))

    async def listener_is(self, w, s):
        address = w[s.args[0]].address
        expect(str(address).startswith(s.keys['address'].decode()) and address.port, address)

    async def close_listener(self, w, s):
        listener = w[s.args[0]]
        if listener.closed:
            raise kith.HandleError('closed before')
        listener.close()

    async def stun(self, w, s):
        w[s.args[0]].add_stun_server(s.args[1].decode())

    async def turn(self, w, s):
        w[s.args[0]].add_turn_server(s.args[1].decode(), *(s.keys[key].decode() if key in s.keys else None for key in ('user', 'password')))

    def options(self, w, s):
        k = s.keys
        return {'name': k['name'].decode() if 'name' in k else None, 'user_data': int(k.get('user_data', 0)), 'config': config_of(k),
                'group': w[k['group']] if 'group' in k else None, 'symmetric': k.get('symmetric') == b'1'}

    async def connect_address(self, w, s):
        to = s.keys['to']
        where = w[to[1:]].address if to[:1] == b'@' else kith.Address.parse(to.decode())
        peer = w.identity(s.keys['peer']) if 'peer' in s.keys else None
        w.add(s.args[0].decode(), w[s.keys['on']].connect(where, peer=peer, **self.options(w, s)))

    async def connect_identity(self, w, s):
        w.add(s.args[0].decode(), w[s.keys['on']].connect(w.identity(s.keys['peer']), int(s.keys['port']), **self.options(w, s)))

    async def pair(self, w, s):
        k = s.keys
        ends = ('first', 'second')

        def both(key, make):
            return tuple(make(k[f'{end}{key}']) if f'{end}{key}' in k else None for end in ends)
        made = kith.pair(w[k['first']], w[k['second']], network=k.get('network') == b'1', identities=both('_identity', w.identity),
                         names=both('.name', bytes.decode), groups=both('.group', w.__getitem__),
                         user_data=tuple(int(k.get(f'{end}.user_data', 0)) for end in ends),
                         configs=tuple(config_of(k, end + '.') for end in ends))
        for name, connection in zip(s.args, made):
            w.add(name.decode(), connection)

    async def signaling(self, w, s):
        endpoint, by = w[s.keys['on']], s.keys.get('by', b'server')
        if by == b'server':
            import os
            url = s.keys['url'].decode() if 'url' in s.keys else os.environ['KITH_TEST_SIGNALING']
            w.add(s.args[0].decode(), endpoint.open_signaling(url))
            return
        carrier = Carrier(w, s.args[0].decode(), endpoint, int(s.keys.get('lose_every', 0)), s.keys.get('double') == b'1')
        if by == b'callbacks':
            carrier.signaling = endpoint.add_signaling(carrier)
        w.carriers.append(w.add(s.args[0].decode(), carrier))

    def the_signaling(self, w, s):
        thing = w[s.args[0]]
        return thing.signaling if isinstance(thing, Carrier) else thing

    async def set_signaling_state(self, w, s):
        text = s.keys['text'].decode() if 'text' in s.keys else None
        self.the_signaling(w, s).set_state(kith.SignalingState[s.args[1].decode()], text)

    async def signaling_state(self, w, s):
        signaling, wanted = self.the_signaling(w, s), kith.SignalingState[s.args[1].decode()]
        await w.until(lambda: signaling.state == wanted, lambda: f'it is {signaling.state}')

    async def close_signaling(self, w, s):
        self.the_signaling(w, s).close()

    async def signals(self, w, s):
        carrier = w[s.args[0]]
        await w.until(lambda: carrier.carried >= int(s.keys['min']), 'too few signals')

    # --- options

    def config(self, w, name):
        return kith.library_config if name == b'library' else w[name].config

    async def set(self, w, s):
        name, value = s.args[1].decode(), s.args[2].decode()
        if 'as' not in s.keys and name in self.config(w, s.args[0]):
            kind = kith.describe(name).type
            value = float(value) if kind == kith.OptionType.FLOAT else value if kind == kith.OptionType.STRING else int(value)
        self.config(w, s.args[0])[name] = value

    async def get(self, w, s):
        config, name = self.config(w, s.args[0]), s.args[1].decode()
        value, text, wanted = config[name], config.text(name), s.keys['is'].decode() if 'is' in s.keys else ''
        expect(text == wanted and value == type(value)(wanted), (value, text))

    async def reset(self, w, s):
        del self.config(w, s.args[0])[s.args[1].decode()]

    async def describe(self, w, s):
        option = kith.describe(s.args[0].decode())
        for key, value in s.keys.items():
            seen = getattr(option, key)
            expect(str(seen) == value.decode() or isinstance(seen, (int, float)) and value.lstrip(b'-')[:1].isdigit() and
                   float(value) == seen, (key, seen))

    async def options_(self, w, s):
        expect(len(kith.options()) >= int(s.keys['min']), len(kith.options()))

    # --- keys and certificates

    async def key(self, w, s):
        k = s.keys
        w.add(s.args[0].decode(), kith.PrivateKey(bytes([int(k['seed'])]) * 32) if 'seed' in k else
              kith.PrivateKey.parse(k['text']) if 'text' in k else
              kith.PrivateKey.load(w.path(k['file'])) if 'file' in k else kith.PrivateKey.generate())

    async def public_key(self, w, s):
        k = s.keys
        w.add(s.args[0].decode(), kith.PublicKey.parse(k['text']) if 'text' in k else kith.PublicKey.load(w.path(k['file'])))

    async def key_is(self, w, s):
        thing, public = w[s.args[0]], w.key(s.args[0])
        seen = {'public': public.hex(), 'id': str(public.id), 'line': public.text(), 'ssh': public.text(kith.KeyForm.SSH)}
        for key, value in s.keys.items():
            expect(thing.identity == w.identity(value) if key == 'identity' else seen[key] == value.decode(), (key, seen.get(key)))

    async def save_key(self, w, s):
        w[s.args[0]].save(w.path(s.keys['file']))

    async def save_public(self, w, s):
        w.key(s.args[0]).save(w.path(s.keys['file']))

    def asked(self, w, s):
        k, made = s.keys, {}
        if 'identity' in k:
            made['identity'] = w.identity(k['identity'])
        if 'kind' in k:
            made['kind'] = kith.CertificateKind[k['kind'].decode()]
        if 'apps' in k:
            made['app_ids'] = [int(app) for app in k['apps'].split(b',')]
        return made

    async def certificate(self, w, s):
        k, now = s.keys, time.time()
        times = {'created': now + int(k.get('from_s', 0)), 'expires': now + int(k.get('until_s', 3600))}
        form = kith.Form[k.get('form', b'TEXT').decode()]
        signer = w[k['signed_by']]
        if 'request' in k:
            data = certificates.sign_request(signer, w[k['request']], form=form, **times)
        else:
            data = certificates.sign(signer, w.key(k['for']) if 'for' in k else None, form=form, **self.asked(w, s), **times)
        w.add(s.args[0].decode(), data)

    async def request(self, w, s):
        w.add(s.args[0].decode(), certificates.request(w[s.keys['by']], **self.asked(w, s)))

    async def convert(self, w, s):
        w.add(s.args[0].decode(), certificates.convert(w.certificates(s.keys['from']), kith.Form[s.keys['form'].decode()]))

    async def certificate_is(self, w, s):
        thing, field = w[s.args[0]], s.args[1].decode()
        info = thing.trust.certificate if isinstance(thing, kith.Endpoint) else certificates.describe_all(thing)[0]
        name, _, index = field.rstrip(']').partition('[')
        seen = getattr(info, name)
        wrong = check_fact(w, name, seen[int(index)] if index else seen, s.keys)
        expect(not wrong, wrong)

    async def set_certificate(self, w, s):
        w[s.args[0]].trust.set_certificate(w.certificates(s.args[1]), w[s.keys['key']] if 'key' in s.keys else None)

    async def check(self, w, s):
        identity = w.identity(s.keys['identity']) if 'identity' in s.keys else None
        doubt = w[s.args[0]].trust.check(w.certificates(s.args[1]), identity)
        expect(doubt.name == s.keys['doubt'].decode(), doubt)

    def authorities(self, w, name):
        return w.key(name) if isinstance(w[name.split(b',')[0]], (kith.PrivateKey, kith.PublicKey)) else w.certificates(name)

    def id_of(self, w, name):
        thing = self.authorities(w, name)
        return thing.id if isinstance(thing, kith.PublicKey) else certificates.describe(thing).key_id

    async def trust(self, w, s):
        w[s.args[0]].trust.add(self.authorities(w, s.args[1]))

    async def distrust(self, w, s):
        w[s.args[0]].trust.remove(self.id_of(w, s.args[1]))

    async def trusts(self, w, s):
        listed = w[s.args[0]].trust.authorities()
        if 'count' in s.keys:
            expect(len(listed) == int(s.keys['count']), len(listed))
        if len(s.args) > 1:
            found = [believed for info, believed in listed if info.key_id == self.id_of(w, s.args[1])]
            expect(found == [s.keys['believed'] == b'1'], listed)

    async def revoke(self, w, s):
        w[s.args[0]].trust.revoke(w.key(s.args[1]))

    async def set_revoked(self, w, s):
        w[s.args[0]].trust.set_revoked(None if s.args[1] == b'none' else [w.key(name) for name in s.args[1].split(b',')])

    async def revoked(self, w, s):
        ids = w[s.args[0]].trust.revoked
        expect(len(ids) == int(s.keys['count']) if 'count' in s.keys else w.key(s.args[1]).id in ids, ids)

    async def revoked_text(self, w, s):
        ids = kith.parse_revoked(s.args[0])
        expect(len(ids) == int(s.keys['count']), ids)

    # --- values

    async def identity(self, w, s):
        identity, k = kith.Identity(s.args[0].decode()), s.keys
        for key, value in k.items():
            good = {'kind': lambda: identity.kind.name.encode() == value, 'print': lambda: str(identity).encode() == value,
                    'bytes': lambda: bytes(identity).hex().encode() == value,
                    'equals': lambda: identity == kith.Identity(value.decode()),
                    'differs': lambda: identity != kith.Identity(value.decode())}[key]()
            expect(good, (key, identity))

    async def identity_of(self, w, s):
        k = s.keys
        made = (kith.Identity.from_bytes(bytes.fromhex(k['bytes'].decode())) if 'bytes' in k else
                kith.Identity.from_address(kith.Address.parse(k['address'].decode())))
        expect(made == k['print'].decode(), made)

    async def address(self, w, s):
        address = kith.Address.parse(s.args[0].decode())
        for key, value in s.keys.items():
            good = {'port': lambda: address.port == int(value), 'print': lambda: str(address).encode() == value,
                    'equals': lambda: address.same(kith.Address.parse(value.decode())),
                    'differs': lambda: not address.same(kith.Address.parse(value.decode()))}[key]()
            expect(good, (key, address))

    async def constant(self, w, s):
        expect(kith.constants()[s.args[0].decode()] == int(s.args[1]), s.args)

    async def name(self, w, s):
        expect(kith.name_of(s.args[0].decode(), int(s.args[1])).encode() == s.args[2], s.args)

    async def text(self, w, s):
        make = {b'result': kith.result_text, b'stage': kith.stage_text, b'doubt': kith.doubt_text}[s.args[0]]
        expect(make(int(s.args[1])).encode() == s.args[2], s.args)

    async def reason_result(self, w, s):
        expect(kith.reason_result(int(s.args[0])) == number(s.args[1]), s.args)

    async def bucket(self, w, s):
        expect(kith.histogram_bucket(kith.Histogram[s.args[0].decode()], int(s.args[1])).encode() == s.args[2], s.args)

    async def version(self, w, s):
        numbers = [int(part) for part in kith.__version__.split('.')]
        expect(kith.version() == numbers[0] * 1000000 + numbers[1] * 1000 + numbers[2], kith.version())

    async def clock(self, w, s):
        first = kith.now_us()
        expect(kith.now_us() >= first, first)
