package clients

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	clientv3 "go.etcd.io/etcd/client/v3"
	"go.etcd.io/etcd/client/v3/concurrency"
)

func TestAMutexLetsOneInAtATime(t *testing.T) {
	t.Parallel()
	prefix := keysOf(t)
	const workers, rounds = 5, 6
	var inside, entered atomic.Int32
	var tokens []int64
	var group sync.WaitGroup
	for range workers {
		client := connect(t)
		s := session(t, client)
		group.Go(func() {
			for range rounds {
				mutex := concurrency.NewMutex(s, prefix)
				require.NoError(t, mutex.Lock(patient(t)))
				require.Equal(t, int32(1), inside.Add(1), "two at a time")
				owned, err := client.Txn(patient(t)).If(mutex.IsOwner()).Then(clientv3.OpPut(prefix+"-fenced", mutex.Key())).Commit()
				require.NoError(t, err)
				require.True(t, owned.Succeeded, "inside without owning the lock")
				tokens = append(tokens, owned.Header.Revision)
				entered.Add(1)
				inside.Add(-1)
				require.NoError(t, mutex.Unlock(patient(t)))
			}
		})
	}
	group.Wait()

	require.Equal(t, int32(workers*rounds), entered.Load())
	require.IsIncreasing(t, tokens)
}

func TestAMutexIsTriedWithoutWaiting(t *testing.T) {
	t.Parallel()
	prefix := keysOf(t)
	holder := concurrency.NewMutex(session(t, connect(t)), prefix)
	other := concurrency.NewMutex(session(t, connect(t)), prefix)
	require.NoError(t, holder.TryLock(patient(t)))

	require.ErrorIs(t, other.TryLock(patient(t)), concurrency.ErrLocked)

	require.NoError(t, holder.Unlock(patient(t)))
	require.NoError(t, other.TryLock(patient(t)))
}

func TestTheMutexOfADeadSessionGoesToTheNext(t *testing.T) {
	t.Parallel()
	prefix := keysOf(t)
	dead := session(t, connect(t), concurrency.WithTTL(shortest))
	require.NoError(t, concurrency.NewMutex(dead, prefix).Lock(patient(t)))
	dead.Orphan()
	begun := time.Now()

	next := concurrency.NewMutex(session(t, connect(t)), prefix)
	require.NoError(t, next.Lock(patient(t)))

	require.Less(t, time.Since(begun), shortest*time.Second+expirySlack)
}

func TestASessionEndsWithItsLease(t *testing.T) {
	t.Parallel()
	client, prefix := connect(t), keysOf(t)
	s := session(t, client, concurrency.WithTTL(shortest))
	mutex := concurrency.NewMutex(s, prefix)
	require.NoError(t, mutex.Lock(patient(t)))

	_, err := client.Revoke(patient(t), s.Lease())
	require.NoError(t, err)

	select {
	case <-s.Done():
	case <-time.After(patience):
		require.FailNow(t, "the session does not end")
	}
	owned, err := client.Txn(patient(t)).If(mutex.IsOwner()).Then(clientv3.OpPut(prefix+"-fenced", "")).Commit()
	require.NoError(t, err)
	require.False(t, owned.Succeeded, "the lock is gone with the lease")
}

func TestCandidatesAreElectedInTheOrderInWhichTheyCame(t *testing.T) {
	t.Parallel()
	prefix := keysOf(t)
	const candidates = 4
	observer := concurrency.NewElection(session(t, connect(t)), prefix)
	ctx, cancel := context.WithCancel(patient(t))
	defer cancel()
	seen := observer.Observe(ctx)
	var elections []*concurrency.Election
	won := make(chan int, candidates)
	for i := range candidates {
		client := connect(t)
		election := concurrency.NewElection(session(t, client), prefix)
		elections = append(elections, election)
		go func() {
			require.NoError(t, election.Campaign(patient(t), fmt.Sprint(i)))
			won <- i
		}()
		require.Eventually(t, func() bool {
			waiting, err := client.Get(patient(t), prefix, clientv3.WithPrefix(), clientv3.WithCountOnly())
			return err == nil && waiting.Count == int64(i+1)
		}, patience, 10*time.Millisecond)
	}
	var terms []int64
	for i := range candidates {
		require.Equal(t, i, <-won)
		leader, err := observer.Leader(patient(t))
		require.NoError(t, err)
		require.Equal(t, fmt.Sprint(i), string(leader.Kvs[0].Value))
		require.NoError(t, elections[i].Proclaim(patient(t), fmt.Sprintf("%d again", i)))
		awaitObserved(t, seen, fmt.Sprintf("%d again", i))
		terms = append(terms, elections[i].Rev())
		require.NoError(t, elections[i].Resign(patient(t)))
		require.ErrorIs(t, elections[i].Proclaim(patient(t), "too late"), concurrency.ErrElectionNotLeader)
	}

	require.IsIncreasing(t, terms)
	_, err := observer.Leader(patient(t))
	require.ErrorIs(t, err, concurrency.ErrElectionNoLeader)
}

// awaitObserved reads on until a value is seen: what is overwritten quickly may be left out, nothing comes twice.
func awaitObserved(t *testing.T, seen <-chan *clientv3.GetResponse, wanted string) {
	t.Helper()
	for {
		select {
		case answer, open := <-seen:
			require.True(t, open)
			if string(answer.Kvs[0].Value) == wanted {
				return
			}
		case <-time.After(patience):
			require.FailNow(t, "never observed: "+wanted)
		}
	}
}

func TestALeaderTakesItsOfficeUpAgain(t *testing.T) {
	t.Parallel()
	client, prefix := connect(t), keysOf(t)
	s := session(t, client)
	election := concurrency.NewElection(s, prefix)
	require.NoError(t, election.Campaign(patient(t), "before"))

	resumed := concurrency.ResumeElection(s, prefix, election.Key(), election.Rev())

	require.NoError(t, resumed.Proclaim(patient(t), "after"))
	leader, err := election.Leader(patient(t))
	require.NoError(t, err)
	require.Equal(t, "after", string(leader.Kvs[0].Value))
	require.NoError(t, resumed.Resign(patient(t)))
}

func TestTransactionsInMemoryMoveMoneyAndLoseNone(t *testing.T) {
	for name, isolation := range map[string]concurrency.Isolation{
		"SerializableSnapshot": concurrency.SerializableSnapshot,
		"Serializable":         concurrency.Serializable,
		"RepeatableReads":      concurrency.RepeatableReads,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			moveMoney(t, isolation)
		})
	}
}

func moveMoney(t *testing.T, isolation concurrency.Isolation) {
	prefix := keysOf(t)
	const accounts, each, workers, transfers = 4, 100, 4, 12
	account := func(i int) string { return fmt.Sprintf("%s%d", prefix, i%accounts) }
	for i := range accounts {
		put(t, connect(t), account(i), strconv.Itoa(each))
	}
	var group sync.WaitGroup
	for worker := range workers {
		client := connect(t)
		group.Go(func() {
			for i := range transfers {
				from, to := account(worker+i), account(worker+2*i+1)
				_, err := concurrency.NewSTM(client, func(stm concurrency.STM) error {
					move(stm, from, to, i+1)
					return nil
				}, concurrency.WithIsolation(isolation), concurrency.WithPrefetch(from, to))
				require.NoError(t, err)
			}
		})
	}
	group.Wait()

	sum, client := 0, connect(t)
	for i := range accounts {
		balance, err := strconv.Atoi(value(t, client, account(i)))
		require.NoError(t, err)
		sum += balance
	}
	require.Equal(t, accounts*each, sum)
}

func move(stm concurrency.STM, from, to string, amount int) {
	if from == to {
		return
	}
	source, _ := strconv.Atoi(stm.Get(from))
	target, _ := strconv.Atoi(stm.Get(to))
	stm.Put(from, strconv.Itoa(source-amount))
	stm.Put(to, strconv.Itoa(target+amount))
}
