#!/usr/bin/env python3
"""A peer that does not know the secret of its relay: a service gives it user and password when the library asks.

    renewer.py echo|call NAME PEER SIGNALING RELAY SECRET LIFETIME SECONDS

The service is a function here. Says a line for each time it was asked, and what became of the messages. Needs
PYTHONPATH to lead to the Python binding.
"""

import base64
import hashlib
import hmac
import sys
import time

import kith

INTERVAL = 0.02


class Service:
    """Whoever knows the secret."""

    def __init__(self, secret, lifetime):
        self.secret, self.lifetime = secret.encode('ascii'), int(lifetime)

    def credentials(self, name):
        user = f'{int(time.time()) + self.lifetime}:{name}'
        mac = hmac.new(self.secret, user.encode('ascii'), hashlib.sha1).digest()
        return {'P2P_TURN_UserList': user, 'P2P_TURN_PassList': base64.b64encode(mac).decode('ascii')}


def endpoint_of(name, relay, service):
    def on_event(event):
        if event.type == kith.EventType.TURN_CREDENTIALS:
            print('asked', flush=True)
            for option, value in service.credentials(name).items():
                endpoint.config[option] = value

    endpoint = kith.Endpoint(f'str:{name}', on_event=on_event,
                             config={'RelayOnly': 1, 'P2P_TURN_ServerList': relay, **service.credentials(name)})
    return endpoint


def echo(endpoint, _, __):
    listener = endpoint.listen(0)
    print('ready', flush=True)
    for connection in listener:
        for message in connection:
            connection.send(bytes(message))


def call(endpoint, peer, seconds):
    with endpoint.connect(f'str:{peer}').wait(20) as connection:
        longest, count, begun = 0.0, 0, time.monotonic()
        while time.monotonic() - begun < float(seconds):
            sent = time.monotonic()
            connection.send(str(count).encode('ascii'))
            if int(bytes(connection.receive().wait(20))) != count:
                sys.exit('a message came out of order')
            longest, count = max(longest, time.monotonic() - sent), count + 1
            endpoint.step(INTERVAL)
        print(f'answered {count}, longest {longest * 1000:.0f} ms', flush=True)


def main(role, name, peer, signaling, relay, secret, lifetime, seconds):
    with endpoint_of(name, relay, Service(secret, lifetime)) as endpoint:
        endpoint.open_signaling(signaling)
        {'echo': echo, 'call': call}[role](endpoint, peer, seconds)


if __name__ == '__main__':
    main(*sys.argv[1:])
