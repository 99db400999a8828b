"""A signaling server that loses, doubles and delays signals.

    signal_relay.py [loss:PERCENT] [duplicate:PERCENT] [delay:MILLISECONDS]

The line protocol of docs/wire.md, "Signaling lines". A delay is random up to what is given, for each
copy, so signals overtake each other. Says "listening on HOST:PORT". Ends when its standard input does.
"""
import asyncio
import random
import sys

chances = {'loss': 0, 'duplicate': 0, 'delay': 0}
clients = {}


async def deliver(to, line):
    if random.randrange(100) < chances['loss']:
        return
    await asyncio.sleep(random.uniform(0, chances['delay']) / 1000)
    if to in clients:
        clients[to].write(line)


async def serve(reader, writer):
    name = (await reader.readline()).strip()
    clients[name] = writer
    async for line in reader:
        to, _, payload = line.strip().partition(b' ')
        for _ in range(2 if random.randrange(100) < chances['duplicate'] else 1):
            asyncio.ensure_future(deliver(to, name + b' ' + payload + b'\n'))
    if clients.get(name) is writer:
        del clients[name]
    writer.close()


async def main():
    for word in sys.argv[1:]:
        name, value = word.split(':')
        chances[name] = int(value)
    server = await asyncio.start_server(serve, '127.0.0.1', 0, limit=1 << 18)
    print('listening on 127.0.0.1:%d' % server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
