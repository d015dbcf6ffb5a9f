import unittest

import etcd3gw

from members import ADDRESSES, LONG_TTL, PATIENCE, SHORT_TTL, keys_of, until


class Etcd3gwTest(unittest.TestCase):
    """The client that speaks JSON over HTTP."""

    def setUp(self):
        self.clients = [etcd3gw.client(host=h, port=p, timeout=PATIENCE) for h, p in ADDRESSES]
        self.client, self.other = self.clients[0], self.clients[-1]
        self.keys = keys_of(self)

    def revision_of(self, key):
        return int(self.client.get(key, metadata=True)[0][1]["mod_revision"])

    def test_a_watch_tells_the_past_and_the_present_in_order(self):
        self.client.put(self.keys + "a", "1")
        first = self.revision_of(self.keys + "a")
        events, cancel = self.other.watch_prefix(self.keys, start_revision=first, prev_kv=True)
        self.client.put(self.keys + "a", "2")
        self.client.put(self.keys + "b", "3")
        self.client.delete(self.keys + "a")
        told = [next(events) for _ in range(4)]
        cancel()
        self.assertEqual([b"1", b"2", b"3", None], [event["kv"].get("value") for event in told])
        self.assertEqual("DELETE", told[3]["type"])
        revisions = [int(event["kv"]["mod_revision"]) for event in told]
        self.assertEqual(sorted(set(revisions)), revisions)

    def test_a_lease_has_its_time_and_takes_its_keys_with_it(self):
        lease = self.client.lease(ttl=LONG_TTL)
        self.client.put(self.keys, "here", lease=lease)
        self.assertGreater(lease.ttl(), LONG_TTL // 2)
        self.assertEqual([self.keys.encode()], lease.keys())
        self.assertEqual(LONG_TTL, lease.refresh())
        self.assertTrue(lease.revoke())
        self.assertEqual([], self.other.get(self.keys))

    def test_a_lease_ends_when_nobody_refreshes_it(self):
        lease = self.client.lease(ttl=SHORT_TTL)
        self.client.put(self.keys, "here", lease=lease)
        until(lambda: self.client.get(self.keys) == [])
        self.assertEqual(-1, lease.ttl())

    def test_a_lock_has_one_holder(self):
        first = self.client.lock(self.keys, ttl=LONG_TTL)
        second = self.other.lock(self.keys, ttl=LONG_TTL)
        self.assertTrue(first.acquire())
        self.assertFalse(second.acquire())
        self.assertTrue(first.is_acquired())
        self.assertTrue(first.release())
        self.assertTrue(second.acquire())
        self.assertFalse(first.is_acquired())
