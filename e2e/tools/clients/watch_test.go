package clients

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	clientv3 "go.etcd.io/etcd/client/v3"
)

func TestWatchOfACompactedRevisionIsCancelledWithTheFirstThatIsLeft(t *testing.T) {
	client, key := connect(t), keysOf(t)
	first := put(t, client, key, "1")
	last := put(t, client, key, "2")
	_, err := client.Compact(patient(t), last, clientv3.WithCompactPhysical())
	require.NoError(t, err)

	answer := next(t, client.Watch(patient(t), key, clientv3.WithRev(first)))

	require.True(t, answer.Canceled)
	require.Equal(t, last, answer.CompactRevision)
	require.ErrorIs(t, answer.Err(), rpctypes.ErrCompacted)
	kept := events(t, client.Watch(patient(t), key, clientv3.WithRev(last), clientv3.WithPrevKV()), 1)
	require.Equal(t, "2", string(kept[0].Kv.Value))
	require.Nil(t, kept[0].PrevKv, "what was before is compacted")
}

func TestWatchTellsAllChangesInOrderFromThePastIntoThePresent(t *testing.T) {
	t.Parallel()
	client, prefix := connect(t), keysOf(t)
	const changes = 300
	var first int64
	change := func(i int) {
		key := fmt.Sprintf("%s%d", prefix, i%7)
		if i%10 == 9 {
			_, err := client.Txn(patient(t)).Then(clientv3.OpPut(key, fmt.Sprint(i)), clientv3.OpDelete(prefix+"none")).Commit()
			require.NoError(t, err)
			return
		}
		revision := put(t, client, key, fmt.Sprint(i))
		if first == 0 {
			first = revision
		}
	}
	for i := range changes / 2 {
		change(i)
	}
	answers := client.Watch(patient(t), prefix, clientv3.WithPrefix(), clientv3.WithRev(first), clientv3.WithPrevKV())
	go func() {
		for i := changes / 2; i < changes; i++ {
			change(i)
		}
	}()

	told := events(t, answers, changes)

	before := map[string]*clientv3.Event{}
	for i, event := range told {
		key := string(event.Kv.Key)
		require.Equal(t, fmt.Sprint(i), string(event.Kv.Value))
		if i > 0 {
			require.Greater(t, event.Kv.ModRevision, told[i-1].Kv.ModRevision)
		}
		if last, there := before[key]; there {
			require.True(t, event.IsModify())
			require.Equal(t, last.Kv.String(), event.PrevKv.String())
		} else {
			require.True(t, event.IsCreate())
			require.Nil(t, event.PrevKv)
		}
		before[key] = event
	}
}

func TestWatchTellsATransactionAndADeletedRangeInOneAnswerEach(t *testing.T) {
	t.Parallel()
	client, prefix := connect(t), keysOf(t)
	answers := client.Watch(patient(t), prefix, clientv3.WithPrefix(), clientv3.WithPrevKV(), clientv3.WithCreatedNotify())
	require.True(t, next(t, answers).Created)
	_, err := client.Txn(patient(t)).Then(
		clientv3.OpPut(prefix+"b", "1"), clientv3.OpPut(prefix+"a", "2"), clientv3.OpPut(prefix+"c", "3")).Commit()
	require.NoError(t, err)
	_, err = client.Delete(patient(t), prefix, clientv3.WithPrefix())
	require.NoError(t, err)

	written, deleted := next(t, answers), next(t, answers)

	require.Len(t, written.Events, 3)
	require.Equal(t, "b", strings.TrimPrefix(string(written.Events[0].Kv.Key), prefix), "in the order of the operations")
	require.Len(t, deleted.Events, 3)
	for i, event := range deleted.Events {
		require.Equal(t, clientv3.EventTypeDelete, event.Type)
		require.Equal(t, deleted.Header.Revision, event.Kv.ModRevision)
		require.Equal(t, prefix+string("abc"[i]), string(event.Kv.Key), "in the order of the keys")
		require.Equal(t, string("213"[i]), string(event.PrevKv.Value))
	}
}

func TestWatchLeavesOutWhatItsFiltersName(t *testing.T) {
	t.Parallel()
	client, key := connect(t), keysOf(t)
	first := put(t, client, key, "1")
	_, err := client.Delete(patient(t), key)
	require.NoError(t, err)
	put(t, client, key, "2")

	puts := events(t, client.Watch(patient(t), key, clientv3.WithRev(first), clientv3.WithFilterDelete()), 2)
	deletes := events(t, client.Watch(patient(t), key, clientv3.WithRev(first), clientv3.WithFilterPut()), 1)

	require.Equal(t, "1", string(puts[0].Kv.Value))
	require.Equal(t, "2", string(puts[1].Kv.Value))
	require.Equal(t, clientv3.EventTypeDelete, deletes[0].Type)
}

func TestWatchFromAFutureRevisionTellsNothingBefore(t *testing.T) {
	t.Parallel()
	client, key := connect(t), keysOf(t)
	const ahead = 20
	now := put(t, client, key, "now")
	answers := client.Watch(patient(t), key, clientv3.WithRev(now+ahead), clientv3.WithCreatedNotify())
	require.True(t, next(t, answers).Created)
	var revision int64
	for revision < now+ahead {
		revision = put(t, client, key, "later")
	}

	require.GreaterOrEqual(t, next(t, answers).Events[0].Kv.ModRevision, now+ahead)
}

func TestProgressPromisesThatAllUpToItsRevisionWasTold(t *testing.T) {
	t.Parallel()
	client, prefix := connect(t), keysOf(t)
	ctx := clientv3.WithRequireLeader(patient(t))
	answers := client.Watch(ctx, prefix, clientv3.WithPrefix(), clientv3.WithCreatedNotify())
	require.True(t, next(t, answers).Created)
	var written, told, progress int64
	for i := range 50 {
		written = put(t, client, prefix+"key", fmt.Sprint(i))
	}
	for progress < written {
		require.NoError(t, client.RequestProgress(ctx))
		for answer := next(t, answers); ; answer = next(t, answers) {
			require.NoError(t, answer.Err())
			if answer.IsProgressNotify() {
				progress = answer.Header.Revision
				break
			}
			told = answer.Events[len(answer.Events)-1].Kv.ModRevision
			require.Greater(t, told, progress, "an event after a progress that promised it")
		}
	}

	require.Equal(t, written, told)
}

func TestAnswersLargerThanAMessageComeInPieces(t *testing.T) {
	t.Parallel()
	client, prefix := connect(t), keysOf(t)
	const count, size = 40, 128 << 10
	first := put(t, client, prefix+"0", strings.Repeat("0", size))
	for i := 1; i < count; i++ {
		put(t, client, fmt.Sprintf("%s%d", prefix, i), strings.Repeat("x", size))
	}

	told := events(t, client.Watch(patient(t), prefix,
		clientv3.WithPrefix(), clientv3.WithRev(first), clientv3.WithFragment()), count)

	for i, event := range told {
		require.Equal(t, fmt.Sprintf("%s%d", prefix, i), string(event.Kv.Key))
		require.Len(t, event.Kv.Value, size)
	}
}

func TestAThousandWatchersShareAStreamAndEachIsToldItsOwn(t *testing.T) {
	t.Parallel()
	client, prefix := connect(t), keysOf(t)
	const watchers = 1_000
	ctx, cancel := context.WithCancel(patient(t))
	defer cancel()
	var all []clientv3.WatchChan
	for i := range watchers {
		answers := client.Watch(ctx, fmt.Sprintf("%s%d", prefix, i), clientv3.WithCreatedNotify())
		require.True(t, next(t, answers).Created)
		all = append(all, answers)
	}
	for i := 0; i < watchers; i += 100 {
		ops := make([]clientv3.Op, 100)
		for j := range ops {
			ops[j] = clientv3.OpPut(fmt.Sprintf("%s%d", prefix, i+j), fmt.Sprint(i+j))
		}
		_, err := client.Txn(patient(t)).Then(ops...).Commit()
		require.NoError(t, err)
	}

	for i, answers := range all {
		require.Equal(t, fmt.Sprint(i), string(events(t, answers, 1)[0].Kv.Value))
	}
}

func TestACancelledWatchEndsAndLeavesTheOthersOfItsStream(t *testing.T) {
	t.Parallel()
	client, key := connect(t), keysOf(t)
	ctx, cancel := context.WithCancel(patient(t))
	ended, kept := client.Watch(ctx, key), client.Watch(patient(t), key)
	revision := put(t, client, key, "1")
	require.Equal(t, revision, next(t, ended).Events[0].Kv.ModRevision)
	require.Equal(t, revision, next(t, kept).Events[0].Kv.ModRevision)

	cancel()

	for answer := range ended {
		require.True(t, errors.Is(answer.Err(), context.Canceled) || len(answer.Events) == 0)
	}
	silent(t, client, kept, key)
}

func TestWatchGoesOnWithoutGapWhenItsConnectionIsCut(t *testing.T) {
	t.Parallel()
	writer, key := connect(t), keysOf(t)
	link := cutLink(t, addresses()[0])
	answers := connectTo(t, link.address()).Watch(patient(t), key, clientv3.WithCreatedNotify())
	require.True(t, next(t, answers).Created)
	const cuts, between = 5, 20
	for cut := range cuts {
		for i := range between {
			put(t, writer, key, fmt.Sprint(cut*between+i))
			if i == between/2 {
				link.cut()
			}
		}
	}

	for i, event := range events(t, answers, cuts*between) {
		require.Equal(t, fmt.Sprint(i), string(event.Kv.Value))
		require.Equal(t, int64(i+1), event.Kv.Version)
	}
}
