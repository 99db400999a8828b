"""A child of fork() shares its parent's epoll: what it closes or drops must not end the parent's waiting."""

import asyncio
import gc
import os
import unittest

import kith


class ForkInLoop(unittest.TestCase):
    """The child ends before the parent waits again."""

    def go_on_after(self, in_child):
        async def main():
            objects = [kith.Endpoint()]
            objects += kith.pair(objects[0], objects[0], network=True)
            objects[1].send(b'before')
            await objects[2].receive()
            child = os.fork()
            if child == 0:
                try:
                    in_child(objects)
                finally:
                    os._exit(0)
            self.assertEqual(os.waitpid(child, 0)[1], 0)
            asyncio.get_running_loop().call_later(0.05, objects[1].send, b'after')
            message = await asyncio.wait_for(objects[2].receive(), 5)
            self.assertEqual(bytes(message), b'after')
            objects[0].close()

        asyncio.run(main())

    def test_the_child_closes(self):
        self.go_on_after(lambda objects: objects[0].close())

    def test_the_child_drops_everything(self):
        self.go_on_after(lambda objects: (objects.clear(), gc.collect()))


if __name__ == '__main__':
    unittest.main()
