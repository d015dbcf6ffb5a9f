"""What etcd3 and its fork etcd-sdk-python have in common: the same calls under two names."""

import threading
import time

from members import ADDRESSES, LONG_TTL, PATIENCE, SHORT_TTL, keys_of, until


class BlockingClientTest:
    """Watches, leases and locks; `package` is the client's module."""

    package = None

    def setUp(self):
        self.clients = [self.package.client(host=h, port=p, timeout=PATIENCE) for h, p in ADDRESSES]
        self.client, self.other = self.clients[0], self.clients[-1]
        self.keys = keys_of(self)

    def tearDown(self):
        for client in self.clients:
            client.close()

    def revision_of(self, key):
        return self.client.get(key)[1].mod_revision

    def test_a_watch_tells_the_past_and_the_present_in_order(self):
        self.client.put(self.keys + "a", "1")
        first = self.revision_of(self.keys + "a")
        events, cancel = self.other.watch_prefix(self.keys, start_revision=first, prev_kv=True)
        self.client.put(self.keys + "a", "2")
        self.client.put(self.keys + "b", "3")
        self.client.delete(self.keys + "a")
        told = [next(events) for _ in range(4)]
        cancel()
        self.assertEqual([b"1", b"2", b"3", b""], [event.value for event in told])
        self.assertEqual(b"1", told[1].prev_value)
        self.assertEqual("DeleteEvent", type(told[3]).__name__)
        self.assertEqual(b"2", told[3].prev_value)
        revisions = [event.mod_revision for event in told]
        self.assertEqual(sorted(set(revisions)), revisions)

    def test_a_watch_of_a_compacted_revision_fails(self):
        self.client.put(self.keys, "1")
        first = self.revision_of(self.keys)
        self.client.put(self.keys, "2")
        last = self.revision_of(self.keys)
        self.client.compact(last, physical=True)
        events, cancel = self.client.watch(self.keys, start_revision=first)
        with self.assertRaises(self.package.exceptions.RevisionCompactedError) as failure:
            next(events)
        cancel()
        self.assertGreaterEqual(failure.exception.compacted_revision, last)

    def test_callbacks_of_many_watchers_get_their_own_events(self):
        told, ids = {}, []
        for i in range(20):
            ids.append(self.client.add_watch_callback(
                f"{self.keys}{i}", lambda answer, i=i: told.setdefault(i, []).extend(answer.events)))
        for i in range(20):
            self.client.put(f"{self.keys}{i}", str(i))
        until(lambda: len(told) == 20)
        for watch_id in ids:
            self.client.cancel_watch(watch_id)
        self.assertEqual([[str(i).encode()] for i in range(20)], [[e.value for e in told[i]] for i in range(20)])

    def test_a_lease_has_its_time_and_takes_its_keys_with_it(self):
        lease = self.client.lease(LONG_TTL)
        self.client.put(self.keys, "", lease=lease)
        self.assertEqual(LONG_TTL, lease.granted_ttl)
        self.assertGreater(lease.remaining_ttl, LONG_TTL // 2)
        self.assertEqual([self.keys.encode()], list(lease.keys))
        self.assertEqual(LONG_TTL, list(self.other.refresh_lease(lease.id))[0].TTL)
        lease.revoke()
        self.assertIsNone(self.other.get(self.keys)[0])

    def test_a_lease_ends_when_nobody_refreshes_it(self):
        lease = self.client.lease(SHORT_TTL)
        self.client.put(self.keys, "here", lease=lease)
        refreshed = time.monotonic()
        end = refreshed + 2 * SHORT_TTL
        while time.monotonic() < end:
            lease.refresh()
            refreshed = time.monotonic()
            self.assertEqual(b"here", self.client.get(self.keys)[0])
            time.sleep(SHORT_TTL / 4)
        until(lambda: self.client.get(self.keys)[0] is None)
        self.assertGreater(time.monotonic() - refreshed, SHORT_TTL)

    def test_a_lock_lets_one_in_at_a_time(self):
        inside, entered, failures = [], [], []

        def work(client):
            try:
                for _ in range(4):
                    with client.lock(self.keys, ttl=LONG_TTL):
                        inside.append(1)
                        assert len(inside) == 1, "two at a time"
                        client.get(self.keys)
                        inside.pop()
                        entered.append(1)
            except BaseException as failure:
                failures.append(failure)

        workers = [threading.Thread(target=work, args=(c,)) for c in (self.client, self.other)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        self.assertEqual([], failures)
        self.assertEqual(8, len(entered))
