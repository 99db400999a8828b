"""Peers that find each other by a signaling server (`kith signald`): `p2p.py tcp://127.0.0.1:10000 bob` waits to be called,
`p2p.py tcp://127.0.0.1:10000 alice bob` calls bob."""

import asyncio
import sys

import kith

PORT = 7


async def main(server, me, other=None):
    async with kith.Endpoint(f'str:{me}') as endpoint:
        await endpoint.open_signaling(server).connected()
        if other is None:
            print('waiting', flush=True)
            connection = await endpoint.listen(PORT).accept()
        else:
            connection = await endpoint.connect(f'str:{other}', PORT)
        await connection
        connection.send(f'hello from {me}'.encode())
        print(bytes(await connection.receive()).decode(), '-', connection.route())
        await asyncio.sleep(0.5)


asyncio.run(asyncio.wait_for(main(*sys.argv[1:]), 30))
