package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand"
	"os/signal"
	"slices"
	"sort"
	"sync"
	"syscall"
	"time"

	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	clientv3 "go.etcd.io/etcd/client/v3"
)

const (
	leaseTTL      = 2
	renewalsMax   = 12
	renewEvery    = leaseTTL * time.Second / 4
	renewTimeout  = time.Second
	noticeTimeout = 2 * time.Minute
)

// life is what one lease went through, by the clock of this process.
type life struct {
	certain  time.Time // when the last request that was granted, or renewed, was sent: it lives until this + TTL
	possible time.Time // when the last request that may have renewed it ended: it may live from here on
	renewals int
	told     clientv3.WatchResponse // of its end
}

// String says when it was renewed last, and who told of its end, so that it can be found in the logs of members.
func (l life) String() string {
	return fmt.Sprintf("renewed at %s at the latest, its end at revision %d told by %x",
		l.possible.UTC().Format(time.RFC3339Nano), l.told.Header.Revision, l.told.Header.MemberId)
}

// leases lets leases live and die until SIGTERM, and then until the last has died. No key may be seen gone before the
// last renewal that was acknowledged was sent + TTL, none may stay longer than late after its TTL.
func leases(addresses []string, prefix string, workers int, late time.Duration) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	var mu sync.Mutex
	var lateness []time.Duration
	var latest life
	renewals := 0
	var group sync.WaitGroup
	for number := range workers {
		client, err := connect(addresses)
		if err != nil {
			return err
		}
		defer client.Close()
		group.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				key := fmt.Sprintf("%s/lease/%d/%d/%d", prefix, startWall, number, i)
				l, gone, err := liveAndDie(client, key, rand.Intn(renewalsMax))
				if err != nil {
					fail(fmt.Sprintf("%s: %v", key, err))
				}
				if gone.IsZero() {
					continue
				}
				over := gone.Sub(l.possible) - leaseTTL*time.Second
				if over > late {
					fail(fmt.Sprintf("%s was still there %s after its TTL, %s", key, over, l))
				}
				mu.Lock()
				if len(lateness) == 0 || over > slices.Max(lateness) {
					latest = l
				}
				lateness = append(lateness, over)
				renewals += l.renewals
				mu.Unlock()
			}
		})
	}
	group.Wait()
	sort.Slice(lateness, func(i, j int) bool { return lateness[i] < lateness[j] })
	if len(lateness) == 0 {
		return errors.New("no lease came to its end")
	}
	fmt.Printf("%d leases with %d renewals: none died early, gone after their TTL + median %d ms, most %d ms (%s)\n",
		len(lateness), renewals, lateness[len(lateness)/2].Milliseconds(), lateness[len(lateness)-1].Milliseconds(), latest)
	return nil
}

// liveAndDie grants a lease, renews it so many times and waits until its key is gone. The time is zero where the lease
// or its key never came to be.
func liveAndDie(client *clientv3.Client, key string, renewals int) (life, time.Time, error) {
	var l life
	id, err := grantOne(client, &l)
	if err != nil {
		return l, time.Time{}, nil
	}
	ctx, cancel := within(noticeTimeout)
	defer cancel()
	// Made before anything can happen to the key; the client resumes it when a member goes.
	deletes := client.Watch(ctx, key, clientv3.WithFilterPut(), clientv3.WithCreatedNotify())
	if _, open := <-deletes; !open {
		return l, time.Time{}, errors.New("the watch ended")
	}
	putCtx, cancelPut := within(requestTimeout)
	_, err = client.Put(putCtx, key, "alive", clientv3.WithLease(id))
	cancelPut()
	if err != nil {
		return l, time.Time{}, notBefore(l, err)
	}
	for range renewals {
		select {
		case answer := <-deletes:
			l.told = answer
			return l, time.Now(), checkNotEarly(l, answer)
		case <-time.After(renewEvery):
		}
		if err := renewOne(client, id, &l); err != nil {
			return l, time.Time{}, err
		}
	}
	answer, open := <-deletes
	if !open {
		return l, time.Time{}, fmt.Errorf("still there %s after its last renewal", noticeTimeout)
	}
	l.told = answer
	return l, time.Now(), checkNotEarly(l, answer)
}

func grantOne(client *clientv3.Client, l *life) (clientv3.LeaseID, error) {
	ctx, cancel := within(requestTimeout)
	defer cancel()
	l.certain = time.Now()
	granted, err := client.Grant(ctx, leaseTTL)
	l.possible = time.Now()
	if err != nil {
		return 0, err
	}
	return granted.ID, nil
}

func renewOne(client *clientv3.Client, id clientv3.LeaseID, l *life) error {
	ctx, cancel := within(renewTimeout)
	defer cancel()
	sent := time.Now()
	answer, err := client.KeepAliveOnce(ctx, id)
	if errors.Is(err, rpctypes.ErrLeaseNotFound) {
		return notBefore(*l, err)
	}
	l.possible = time.Now()
	if err == nil && answer.TTL > 0 {
		l.certain = sent
		l.renewals++
	}
	return nil
}

// notBefore lets a lease be gone when its time has come.
func notBefore(l life, err error) error {
	if errors.Is(err, rpctypes.ErrLeaseNotFound) && time.Since(l.certain) < leaseTTL*time.Second {
		return fmt.Errorf("not found %s after a renewal that was acknowledged was sent", time.Since(l.certain))
	}
	return nil
}

func checkNotEarly(l life, answer clientv3.WatchResponse) error {
	if err := answer.Err(); err != nil {
		return err
	}
	if len(answer.Events) == 0 {
		return fmt.Errorf("the watch says %+v", answer.Header)
	}
	if lived := time.Since(l.certain); lived < leaseTTL*time.Second {
		return fmt.Errorf("its key died %s after a renewal that was acknowledged was sent", lived)
	}
	return nil
}
