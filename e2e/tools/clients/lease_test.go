package clients

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	clientv3 "go.etcd.io/etcd/client/v3"
)

const (
	// shortest is the least TTL that members with the default election timeout grant.
	shortest = 2
	// expirySlack is how late after its TTL a lease may end while a leader is there.
	expirySlack = 5 * time.Second
)

func grant(t *testing.T, client *clientv3.Client, ttl int64) clientv3.LeaseID {
	t.Helper()
	answer, err := client.Grant(patient(t), ttl)
	require.NoError(t, err)
	return answer.ID
}

func TestAGrantedLeaseHasItsTimeAndItsKeys(t *testing.T) {
	t.Parallel()
	client, prefix := connect(t), keysOf(t)
	id := grant(t, client, 100)
	for _, name := range []string{"b", "a"} {
		put(t, client, prefix+name, "", clientv3.WithLease(id))
	}
	put(t, client, prefix+"c", "", clientv3.WithLease(id))
	put(t, client, prefix+"c", "no longer attached")

	state, err := client.TimeToLive(patient(t), id, clientv3.WithAttachedKeys())

	require.NoError(t, err)
	require.Equal(t, int64(100), state.GrantedTTL)
	require.LessOrEqual(t, state.TTL, int64(100))
	require.Greater(t, state.TTL, int64(60))
	var keys []string
	for _, key := range state.Keys {
		keys = append(keys, string(key))
	}
	require.ElementsMatch(t, []string{prefix + "a", prefix + "b"}, keys)
	all, err := client.Leases(patient(t))
	require.NoError(t, err)
	require.Contains(t, all.Leases, clientv3.LeaseStatus{ID: id})
}

func TestTooShortALeaseIsMadeLongerAndTooLongOneRefused(t *testing.T) {
	t.Parallel()
	client := connect(t)

	raised, err := client.Grant(patient(t), 1)
	require.NoError(t, err)
	_, tooLong := client.Grant(patient(t), 9_000_000_001)

	require.Equal(t, int64(shortest), raised.TTL)
	require.ErrorIs(t, tooLong, rpctypes.ErrLeaseTTLTooLarge)
}

func TestARevokedLeaseTakesItsKeysInOneRevision(t *testing.T) {
	t.Parallel()
	client, prefix := connect(t), keysOf(t)
	id := grant(t, client, 100)
	answers := client.Watch(patient(t), prefix, clientv3.WithPrefix(), clientv3.WithFilterPut(), clientv3.WithCreatedNotify())
	require.True(t, next(t, answers).Created)
	for i := range 5 {
		put(t, client, fmt.Sprintf("%s%d", prefix, 4-i), "", clientv3.WithLease(id))
	}

	revoked, err := client.Revoke(patient(t), id)

	require.NoError(t, err)
	answer := next(t, answers)
	require.Len(t, answer.Events, 5)
	for i, event := range answer.Events {
		require.Equal(t, fmt.Sprintf("%s%d", prefix, i), string(event.Kv.Key), "in the order of the keys")
		require.Equal(t, revoked.Header.Revision, event.Kv.ModRevision)
	}
	state, err := client.TimeToLive(patient(t), id)
	require.NoError(t, err)
	require.Equal(t, int64(-1), state.TTL)
	_, err = client.KeepAliveOnce(patient(t), id)
	require.ErrorIs(t, err, rpctypes.ErrLeaseNotFound)
	_, err = client.Revoke(patient(t), id)
	require.ErrorIs(t, err, rpctypes.ErrLeaseNotFound)
	_, err = client.Put(patient(t), prefix, "", clientv3.WithLease(id))
	require.ErrorIs(t, err, rpctypes.ErrLeaseNotFound)
}

func TestALeaseThatNobodyRenewsEndsAfterItsTimeAndNotBefore(t *testing.T) {
	t.Parallel()
	client, key := connect(t), keysOf(t)
	begun := time.Now()
	id := grant(t, client, shortest)
	granted := time.Now()
	answers := client.Watch(patient(t), key, clientv3.WithFilterPut())
	put(t, client, key, "", clientv3.WithLease(id))

	require.Equal(t, key, string(next(t, answers).Events[0].Kv.Key))

	require.Greater(t, time.Since(begun), shortest*time.Second)
	require.Less(t, time.Since(granted), shortest*time.Second+expirySlack)
}

func TestALeaseLivesAsLongAsItIsKeptAliveThroughAnyMember(t *testing.T) {
	t.Parallel()
	key := keysOf(t)
	client := connect(t)
	id := grant(t, client, shortest)
	put(t, client, key, "alive", clientv3.WithLease(id))
	ctx, cancel := context.WithCancel(patient(t))
	members := addresses()
	renewals, err := connectTo(t, members[len(members)-1]).KeepAlive(ctx, id)
	require.NoError(t, err)
	for begun := time.Now(); time.Since(begun) < 3*shortest*time.Second; {
		renewal, open := <-renewals
		require.True(t, open, "the lease ended although it was kept alive")
		require.Equal(t, int64(shortest), renewal.TTL)
		require.Equal(t, "alive", value(t, client, key))
	}
	answers := client.Watch(patient(t), key, clientv3.WithFilterPut(), clientv3.WithCreatedNotify())
	require.True(t, next(t, answers).Created)

	cancel()

	require.Len(t, next(t, answers).Events, 1)
}

func TestEachMemberRenewsALeaseOnce(t *testing.T) {
	t.Parallel()
	id := grant(t, connect(t), 30)
	for _, member := range addresses() {
		renewal, err := connectTo(t, member).KeepAliveOnce(patient(t), id)
		require.NoError(t, err)
		require.Equal(t, id, renewal.ID)
		require.Equal(t, int64(30), renewal.TTL)
	}
}
