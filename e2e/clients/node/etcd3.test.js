// The npm package etcd3, unchanged: watches, leases, locks, elections and software transactions against the members
// whose addresses are in ENDPOINTS.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { once } from 'node:events';
import { Etcd3, EtcdLockFailedError } from 'etcd3';

const hosts = process.env.ENDPOINTS.split(',').map(endpoint => `http://${endpoint}`);
const clients = [];
const run = process.hrtime.bigint();

function connect() {
  const client = new Etcd3({ hosts });
  clients.push(client);
  return client;
}

/** Keys that no other test uses. */
const keysOf = test => connect().namespace(`node/${run}/${test}/`);

const patience = { timeout: 60_000 };

/** Resolves when the condition holds; the test's own time-out ends a wait that is in vain. */
async function until(condition, signal) {
  while (!(await condition())) {
    signal.throwIfAborted();
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

after(() => clients.forEach(client => client.close()));

test('a watch tells puts and deletes in order, with what was before', patience, async t => {
  const keys = keysOf('watch');
  const told = [];
  const watcher = await keys.watch().prefix('').withPreviousKV().create();
  watcher.on('put', (kv, previous) => told.push(['put', `${kv.key}`, `${kv.value}`, previous && `${previous.value}`]));
  watcher.on('delete', (kv, previous) => told.push(['delete', `${kv.key}`, `${previous.value}`]));
  await keys.put('a').value('1');
  await keys.put('a').value('2');
  await keys.put('b').value('3');
  await keys.delete().key('a');
  await until(() => told.length === 4, t.signal);
  await watcher.cancel();
  assert.deepEqual(told.map(([type, key, ...rest]) => [type, key.slice(-1), ...rest.map(v => v || undefined)]), [
    ['put', 'a', '1', undefined],
    ['put', 'a', '2', '1'],
    ['put', 'b', '3', undefined],
    ['delete', 'a', '2'],
  ]);
});

test('a watch from a revision tells the past and goes on with the present', patience, async t => {
  const keys = keysOf('past');
  const first = await keys.put('key').value('0');
  for (let i = 1; i < 10; i++) await keys.put('key').value(`${i}`);
  const values = [];
  const watcher = await keys.watch().key('key').startRevision(first.header.revision).create();
  watcher.on('put', kv => values.push(Number(`${kv.value}`)));
  for (let i = 10; i < 20; i++) await keys.put('key').value(`${i}`);
  await until(() => values.length === 20, t.signal);
  await watcher.cancel();
  assert.deepEqual(values, Array.from({ length: 20 }, (_, i) => i));
});

test('a filtered watch tells only what was asked for', patience, async t => {
  const keys = keysOf('filter');
  const first = await keys.put('key').value('1');
  await keys.delete().key('key');
  const types = [];
  const watcher = await keys.watch().key('key').only('delete').startRevision(first.header.revision).create();
  watcher.on('data', answer => types.push(...answer.events.map(event => event.type)));
  await until(() => types.length > 0, t.signal);
  await watcher.cancel();
  assert.deepEqual(types, ['Delete']);
});

test('a lease is kept alive by itself and takes its key with it when it is revoked', patience, async t => {
  const keys = keysOf('lease');
  const lease = keys.lease(2);
  await lease.put('key').value('here');
  let renewals = 0;
  lease.on('keepaliveSucceeded', () => renewals++);
  await until(() => renewals >= 4, t.signal);
  assert.equal(await keys.get('key').string(), 'here');
  await lease.revoke();
  assert.equal(await keys.get('key').string(), null);
});

test('a lease that nobody keeps alive ends', patience, async t => {
  const keys = keysOf('expiry');
  const lease = keys.lease(2, { autoKeepAlive: false });
  await lease.put('key').value('here');
  const renewed = await lease.keepaliveOnce();
  assert.equal(renewed.TTL, '2');
  const begun = Date.now();
  await until(async () => (await keys.get('key').string()) === null, t.signal);
  assert.ok(Date.now() - begun > 1_000, 'not before its time');
});

test('a lease that is revoked elsewhere is reported as lost', patience, async () => {
  const keys = keysOf('lost');
  const lease = keys.lease(2);
  const id = await lease.grant();
  const lost = once(lease, 'lost');
  await connect().leaseClient.leaseRevoke({ ID: id });
  await lost;
  assert.equal(lease.revoked(), true);
});

test('a lock lets one in at a time', patience, async () => {
  let inside = 0;
  let entered = 0;
  const worker = async () => {
    const keys = keysOf('lock');
    for (let round = 0; round < 5; ) {
      try {
        await keys.lock('lock').ttl(10).do(async () => {
          assert.equal(++inside, 1, 'two at a time');
          await keys.get('anything').string();
          inside--;
          entered++;
        });
        round++;
      } catch (failure) {
        if (!(failure instanceof EtcdLockFailedError)) throw failure;
      }
    }
  };
  await Promise.all([worker(), worker(), worker()]);
  assert.equal(entered, 15);
});

test('one candidate leads until it resigns, and all observe it', patience, async t => {
  const keys = keysOf('election');
  const first = await keysOf('election').election('office', 10).campaign('one').wait();
  // Not before there is a leader: the package then looks for later ones under a key that has its prefix twice.
  const observer = await keys.election('office').observe();
  const seen = [observer.leader()];
  observer.on('change', leader => seen.push(leader));
  const second = keysOf('election').election('office', 10).campaign('two');
  let elected = false;
  second.on('elected', () => (elected = true));
  await second.getCampaignKey();
  await until(() => seen.includes('one'), t.signal);
  await first.proclaim('one again');
  await until(() => seen.includes('one again'), t.signal);
  assert.equal(elected, false);
  await first.resign();
  await until(() => elected && seen.includes('two'), t.signal);
  assert.equal(await keys.election('office').leader(), 'two');
  await second.resign();
  await observer.cancel();
});

test('software transactions lose no increment', patience, async () => {
  const keys = keysOf('stm');
  await keys.put('count').value('0');
  const worker = async () => {
    for (let i = 0; i < 5; i++) {
      await keys.stm({ retries: 100 }).transact(async tx => {
        const count = Number(await tx.get('count').string());
        await tx.put('count').value(`${count + 1}`);
      });
    }
  };
  await Promise.all([worker(), worker(), worker()]);
  assert.equal(await keys.get('count').string(), '15');
});
