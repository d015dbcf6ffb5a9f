import asyncio
import unittest

import aetcd

from members import ADDRESSES, LONG_TTL, PATIENCE, SHORT_TTL, keys_of


class AetcdTest(unittest.IsolatedAsyncioTestCase):

    async def asyncSetUp(self):
        self.clients = [aetcd.Client(host=h, port=p, timeout=PATIENCE) for h, p in ADDRESSES]
        for client in self.clients:
            await client.connect()
        self.client, self.other = self.clients[0], self.clients[-1]
        self.keys = keys_of(self).encode()

    async def asyncTearDown(self):
        for client in self.clients:
            await client.close()

    async def until(self, condition):
        async def poll():
            while not await condition():
                await asyncio.sleep(0.02)

        await asyncio.wait_for(poll(), PATIENCE)

    async def test_a_watch_tells_the_past_and_the_present_in_order(self):
        await self.client.put(self.keys + b"a", b"1")
        first = (await self.client.get(self.keys + b"a")).mod_revision
        watch = await self.other.watch_prefix(self.keys, start_revision=first, prev_kv=True)
        await self.client.put(self.keys + b"a", b"2")
        await self.client.put(self.keys + b"b", b"3")
        await self.client.delete(self.keys + b"a")
        told = []
        async for event in watch:
            told.append(event)
            if len(told) == 4:
                break
        await watch.cancel()
        self.assertEqual([b"1", b"2", b"3", b""], [event.kv.value for event in told])
        self.assertEqual(aetcd.EventKind.DELETE, told[3].kind)
        self.assertEqual(b"2", told[3].prev_kv.value)
        revisions = [event.kv.mod_revision for event in told]
        self.assertEqual(sorted(set(revisions)), revisions)

    async def test_a_filtered_watch_tells_only_what_was_asked_for(self):
        await self.client.put(self.keys, b"1")
        first = (await self.client.get(self.keys)).mod_revision
        await self.client.delete(self.keys)
        event = await self.other.watch_once(
            self.keys, timeout=PATIENCE, start_revision=first, kind=aetcd.EventKind.DELETE)
        self.assertEqual(aetcd.EventKind.DELETE, event.kind)

    async def test_a_lease_has_its_time_and_takes_its_keys_with_it(self):
        lease = await self.client.lease(LONG_TTL)
        await self.client.put(self.keys, b"", lease=lease)
        self.assertEqual(LONG_TTL, await lease.granted_ttl())
        self.assertEqual([self.keys], list(await lease.keys()))
        await lease.revoke()
        self.assertIsNone(await self.other.get(self.keys))

    async def test_a_lease_ends_when_nobody_refreshes_it(self):
        loop = asyncio.get_running_loop()
        lease = await self.client.lease(SHORT_TTL)
        await self.client.put(self.keys, b"here", lease=lease)
        refreshed = loop.time()
        while loop.time() < refreshed + SHORT_TTL / 2:
            self.assertIsNotNone(await self.client.get(self.keys))
            await asyncio.sleep(0.1)
        refreshed = loop.time()
        await self.other.refresh_lease(lease.id)

        async def gone():
            return await self.client.get(self.keys) is None

        await self.until(gone)
        self.assertGreater(loop.time() - refreshed, SHORT_TTL)

    async def test_a_lock_lets_one_in_at_a_time(self):
        inside, entered = [], []

        async def work(client):
            for _ in range(4):
                async with client.lock(self.keys, ttl=LONG_TTL):
                    inside.append(1)
                    self.assertEqual(1, len(inside), "two at a time")
                    await client.get(self.keys)
                    inside.pop()
                    entered.append(1)

        await asyncio.gather(work(self.client), work(self.other))
        self.assertEqual(8, len(entered))
