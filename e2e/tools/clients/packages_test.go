package clients

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	clientv3 "go.etcd.io/etcd/client/v3"
	"go.etcd.io/etcd/client/v3/kubernetes"
	"go.etcd.io/etcd/client/v3/leasing"
	"go.etcd.io/etcd/client/v3/mirror"
	"go.etcd.io/etcd/client/v3/namespace"
	naming "go.etcd.io/etcd/client/v3/naming/endpoints"
	"go.etcd.io/etcd/client/v3/ordering"
)

func TestANamespaceHidesItsPrefix(t *testing.T) {
	t.Parallel()
	plain, prefix := connect(t), keysOf(t)
	inside := connect(t)
	inside.KV = namespace.NewKV(inside.KV, prefix)
	inside.Watcher = namespace.NewWatcher(inside.Watcher, prefix)
	inside.Lease = namespace.NewLease(inside.Lease, prefix)
	answers := inside.Watch(patient(t), "", clientv3.WithFromKey(), clientv3.WithPrevKV(), clientv3.WithCreatedNotify())
	require.True(t, next(t, answers).Created)
	id := grant(t, inside, 100)
	put(t, inside, "key", "1", clientv3.WithLease(id))
	put(t, plain, prefix+"key", "2", clientv3.WithLease(id))
	put(t, plain, "clients/outside", "")
	swapped, err := inside.Txn(patient(t)).
		If(clientv3.Compare(clientv3.Value("key"), "=", "2")).
		Then(clientv3.OpDelete("key", clientv3.WithPrevKV())).Commit()
	require.NoError(t, err)
	require.True(t, swapped.Succeeded)

	told := events(t, answers, 3)

	require.Equal(t, "key", string(swapped.Responses[0].GetResponseDeleteRange().PrevKvs[0].Key))
	for i, event := range told {
		require.Equal(t, "key", string(event.Kv.Key))
		if i > 0 {
			require.Equal(t, "key", string(event.PrevKv.Key))
			require.Equal(t, fmt.Sprint(i), string(event.PrevKv.Value))
		}
	}
	put(t, inside, "attached", "", clientv3.WithLease(id))
	state, err := inside.TimeToLive(patient(t), id, clientv3.WithAttachedKeys())
	require.NoError(t, err)
	require.Equal(t, "attached", string(state.Keys[0]))
	require.Equal(t, "", value(t, plain, prefix+"attached"))
}

func TestOrderedReadsNeverGoBackWhicheverMemberAnswers(t *testing.T) {
	t.Parallel()
	reader, writer, key := connect(t), connect(t), keysOf(t)
	ordered := ordering.NewKV(reader.KV, func(clientv3.Op, clientv3.OpResponse, int64) error { return nil })
	ctx, cancel := context.WithCancel(patient(t))
	var group sync.WaitGroup
	group.Go(func() {
		for i := 1; ctx.Err() == nil; i++ {
			put(t, writer, key, fmt.Sprint(i))
		}
	})
	var last, lastVersion int64
	for i := range 400 {
		options := []clientv3.OpOption{clientv3.WithSerializable()}
		var header, version int64
		if i%2 == 0 {
			answer, err := ordered.Get(patient(t), key, options...)
			require.NoError(t, err)
			header, version = answer.Header.Revision, versionOf(answer)
		} else {
			answer, err := ordered.Txn(patient(t)).Then(clientv3.OpGet(key, options...)).Commit()
			require.NoError(t, err)
			header, version = answer.Header.Revision, versionOf((*clientv3.GetResponse)(answer.Responses[0].GetResponseRange()))
		}
		require.GreaterOrEqual(t, header, last)
		require.GreaterOrEqual(t, version, lastVersion)
		last, lastVersion = header, version
	}
	cancel()
	group.Wait()
}

func versionOf(answer *clientv3.GetResponse) int64 {
	if len(answer.Kvs) == 0 {
		return 0
	}
	return answer.Kvs[0].Version
}

func TestAMirrorHasAllThatWasThereAndAllThatCame(t *testing.T) {
	t.Parallel()
	client, prefix := connect(t), keysOf(t)
	const before, after = 1_100, 100
	for i := 0; i < before; i += 100 {
		ops := make([]clientv3.Op, 100)
		for j := range ops {
			ops[j] = clientv3.OpPut(fmt.Sprintf("%s%05d", prefix, i+j), "base")
		}
		_, err := client.Txn(patient(t)).Then(ops...).Commit()
		require.NoError(t, err)
	}
	syncer := mirror.NewSyncer(client, prefix, 0)
	copied := map[string]string{}
	base, failures := syncer.SyncBase(patient(t))
	var group sync.WaitGroup
	group.Go(func() {
		for i := range after {
			put(t, client, fmt.Sprintf("%s%05d", prefix, before+i-10), "update")
		}
		_, err := client.Delete(patient(t), prefix+"00000")
		require.NoError(t, err)
	})
	for page := range base {
		for _, kv := range page.Kvs {
			copied[string(kv.Key)] = string(kv.Value)
		}
	}
	for failure := range failures {
		require.NoError(t, failure)
	}
	for _, event := range events(t, syncer.SyncUpdates(patient(t)), after+1) {
		if event.Type == clientv3.EventTypeDelete {
			delete(copied, string(event.Kv.Key))
		} else {
			copied[string(event.Kv.Key)] = string(event.Kv.Value)
		}
	}
	group.Wait()

	stored, err := client.Get(patient(t), prefix, clientv3.WithPrefix())
	require.NoError(t, err)
	require.Len(t, copied, len(stored.Kvs))
	for _, kv := range stored.Kvs {
		require.Equal(t, string(kv.Value), copied[string(kv.Key)])
	}
}

func TestALeasedKeyIsReadFromMemoryUntilAnotherWritesIt(t *testing.T) {
	t.Parallel()
	prefix := keysOf(t)
	key := prefix + "key"
	cached, closeCached, err := leasing.NewKV(connect(t), prefix+"leasing/")
	require.NoError(t, err)
	defer closeCached()
	other, closeOther, err := leasing.NewKV(connect(t), prefix+"leasing/")
	require.NoError(t, err)
	defer closeOther()
	_, err = cached.Put(patient(t), key, "1")
	require.NoError(t, err)
	require.Equal(t, "1", value(t, cached, key))
	put(t, connect(t), key, "behind the back of the leases")
	require.Equal(t, "1", value(t, cached, key), "not asked from the members")

	_, err = other.Put(patient(t), key, "2")
	require.NoError(t, err)

	require.Equal(t, "2", value(t, cached, key))
	swapped, err := cached.Txn(patient(t)).
		If(clientv3.Compare(clientv3.Value(key), "=", "2")).Then(clientv3.OpPut(key, "3")).Commit()
	require.NoError(t, err)
	require.True(t, swapped.Succeeded)
	require.Equal(t, "3", value(t, other, key))
	_, err = other.Delete(patient(t), key)
	require.NoError(t, err)
	require.Equal(t, "", value(t, cached, key))
}

func TestAServiceIsFoundUnderItsNameAndGoesWithItsLease(t *testing.T) {
	t.Parallel()
	client, service := connect(t), keysOf(t)+"service"
	found, err := naming.NewManager(client, service)
	require.NoError(t, err)
	updates, err := found.NewWatchChannel(patient(t))
	require.NoError(t, err)
	id := grant(t, client, 100)
	at := naming.Endpoint{Addr: "10.0.0.1:80", Metadata: "v1"}
	require.NoError(t, found.AddEndpoint(patient(t), service+"/one", at, clientv3.WithLease(id)))

	added := <-updates

	require.Equal(t, naming.Add, added[0].Op)
	require.Equal(t, at.Addr, added[0].Endpoint.Addr)
	all, err := found.List(patient(t))
	require.NoError(t, err)
	require.Equal(t, at.Addr, all[service+"/one"].Addr)
	_, err = client.Revoke(patient(t), id)
	require.NoError(t, err)
	require.Equal(t, naming.Delete, (<-updates)[0].Op)
}

func TestTheKubernetesClientWritesOnlyWhatNobodyElseChanged(t *testing.T) {
	t.Parallel()
	prefix := keysOf(t)
	client, err := kubernetes.New(clientv3.Config{Endpoints: addresses(), DialTimeout: 5 * time.Second})
	require.NoError(t, err)
	defer client.Close()
	answers := client.Watch(patient(t), prefix, clientv3.WithPrefix(), clientv3.WithPrevKV(), clientv3.WithCreatedNotify())
	require.True(t, next(t, answers).Created)
	created, err := client.Kubernetes.OptimisticPut(patient(t), prefix+"pod", []byte("1"), 0, kubernetes.PutOptions{})
	require.NoError(t, err)
	require.True(t, created.Succeeded)

	stale, err := client.Kubernetes.OptimisticPut(patient(t), prefix+"pod", []byte("2"), 1, kubernetes.PutOptions{GetOnFailure: true})
	require.NoError(t, err)
	listed, err := client.Kubernetes.List(patient(t), prefix, kubernetes.ListOptions{Limit: 10})
	require.NoError(t, err)
	deleted, err := client.Kubernetes.OptimisticDelete(patient(t), prefix+"pod", created.Revision, kubernetes.DeleteOptions{})
	require.NoError(t, err)

	require.False(t, stale.Succeeded)
	require.Equal(t, created.Revision, stale.KV.ModRevision)
	require.Len(t, listed.Kvs, 1)
	require.True(t, deleted.Succeeded)
	told := events(t, answers, 2)
	require.Equal(t, clientv3.EventTypeDelete, told[1].Type)
	require.Equal(t, "1", string(told[1].PrevKv.Value))
}

func TestAStreamedRangeIsTheRange(t *testing.T) {
	t.Parallel()
	client, prefix := connect(t), keysOf(t)
	const keys = 500
	for i := 0; i < keys; i += 100 {
		ops := make([]clientv3.Op, 100)
		for j := range ops {
			ops[j] = clientv3.OpPut(fmt.Sprintf("%s%05d", prefix, i+j), fmt.Sprint(i+j))
		}
		_, err := client.Txn(patient(t)).Then(ops...).Commit()
		require.NoError(t, err)
	}
	whole, err := client.Get(patient(t), prefix, clientv3.WithPrefix())
	require.NoError(t, err)

	stream, err := client.GetStream(patient(t), prefix, clientv3.WithPrefix())
	require.NoError(t, err)
	streamed, err := clientv3.GetStreamToGetResponse(stream)
	require.NoError(t, err)

	require.Equal(t, int64(keys), streamed.Count)
	require.Len(t, streamed.Kvs, keys)
	for i, kv := range streamed.Kvs {
		require.Equal(t, whole.Kvs[i].String(), kv.String())
	}
}
