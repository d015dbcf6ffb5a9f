package clients

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	recipe "go.etcd.io/etcd/client/v3/experimental/recipes"
)

func TestAQueueGivesItsItemsInOrder(t *testing.T) {
	t.Parallel()
	const items = 30
	queue := recipe.NewQueue(connect(t), keysOf(t))
	var group sync.WaitGroup
	group.Go(func() {
		for i := range items {
			require.NoError(t, queue.Enqueue(fmt.Sprint(i)))
		}
	})
	taken := recipe.NewQueue(connect(t), keysOf(t))
	for i := range items {
		item, err := taken.Dequeue()
		require.NoError(t, err)
		require.Equal(t, fmt.Sprint(i), item)
	}
	group.Wait()
}

func TestAPriorityQueueGivesTheMostUrgentFirst(t *testing.T) {
	t.Parallel()
	queue := recipe.NewPriorityQueue(connect(t), keysOf(t))
	for _, priority := range []uint16{3, 1, 2} {
		require.NoError(t, queue.Enqueue(fmt.Sprint(priority), priority))
	}
	for i := 1; i <= 3; i++ {
		item, err := queue.Dequeue()
		require.NoError(t, err)
		require.Equal(t, fmt.Sprint(i), item)
	}
}

func TestABarrierHoldsAllUntilItIsReleased(t *testing.T) {
	t.Parallel()
	const waiters = 4
	barrier := recipe.NewBarrier(connect(t), keysOf(t))
	require.NoError(t, barrier.Hold())
	var released atomic.Bool
	var group sync.WaitGroup
	for range waiters {
		waiting := recipe.NewBarrier(connect(t), keysOf(t))
		group.Go(func() {
			require.NoError(t, waiting.Wait())
			require.True(t, released.Load(), "passed a barrier that holds")
		})
	}
	released.Store(true)
	require.NoError(t, barrier.Release())
	group.Wait()
}

func TestADoubleBarrierIsEnteredAndLeftTogether(t *testing.T) {
	t.Parallel()
	const workers = 4
	var arriving, leaving atomic.Int32
	var group sync.WaitGroup
	for range workers {
		barrier := recipe.NewDoubleBarrier(session(t, connect(t)), keysOf(t), workers)
		group.Go(func() {
			arriving.Add(1)
			require.NoError(t, barrier.Enter())
			require.Equal(t, int32(workers), arriving.Load())
			leaving.Add(1)
			require.NoError(t, barrier.Leave())
			require.Equal(t, int32(workers), leaving.Load())
		})
	}
	group.Wait()
}

func TestReadersShareALockThatAWriterHasAlone(t *testing.T) {
	t.Parallel()
	var readers, writers atomic.Int32
	var group sync.WaitGroup
	for worker := range 6 {
		lock := recipe.NewRWMutex(session(t, connect(t)), keysOf(t))
		group.Go(func() {
			for range 4 {
				if worker%3 == 0 {
					require.NoError(t, lock.Lock())
					require.Equal(t, int32(1), writers.Add(1))
					require.Zero(t, readers.Load())
					writers.Add(-1)
					require.NoError(t, lock.Unlock())
				} else {
					require.NoError(t, lock.RLock())
					readers.Add(1)
					require.Zero(t, writers.Load())
					readers.Add(-1)
					require.NoError(t, lock.RUnlock())
				}
			}
		})
	}
	group.Wait()
}
