"""Sends back what comes: `echo.py serve 127.0.0.1:5000`, `echo.py call 127.0.0.1:5000 hello`. Without asyncio."""

import sys

import kith


def serve(where):
    with kith.Endpoint() as endpoint:
        listener = endpoint.listen(where)
        print('listening on', listener.address, flush=True)
        for connection in listener:
            with connection:
                for message in connection:
                    connection.send(bytes(message))


def call(where, *words):
    with kith.Endpoint() as endpoint, endpoint.connect(where).wait(10) as connection:
        for word in words:
            connection.send(word.encode())
            print(bytes(connection.receive().wait(10)).decode())


{'serve': serve, 'call': call}[sys.argv[1]](*sys.argv[2:])
