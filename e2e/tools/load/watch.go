package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
)

const (
	// turnEvery is how long a watcher of the second kind stays with one member.
	turnEvery  = 1500 * time.Millisecond
	redialRest = 50 * time.Millisecond
	// nothing stands in the journal where there is no value.
	nothing = "-"
)

// watch notes, until SIGTERM, all that watchers of the prefix are told from revision 1 on. Every other one trusts the
// client, which resumes a broken stream by itself; the rest turn to the next member again and again and ask for what
// comes after the last revision that they were told.
func watch(addresses []string, journal, prefix string, watchers int) error {
	file, err := os.OpenFile(journal, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	var mu sync.Mutex
	note := func(line string) {
		mu.Lock()
		defer mu.Unlock()
		if _, err := file.WriteString(line); err != nil {
			fail(err.Error())
		}
	}
	var group sync.WaitGroup
	for number := range watchers {
		w := watcher{number: number, prefix: prefix + "/", addresses: addresses, note: note}
		group.Go(func() {
			if number%2 == 0 {
				w.staying(ctx)
			} else {
				w.turning(ctx)
			}
		})
	}
	group.Wait()
	return nil
}

type watcher struct {
	number    int
	prefix    string
	addresses []string
	told      int64 // the last revision
	note      func(line string)
}

func (w *watcher) staying(ctx context.Context) {
	for ctx.Err() == nil {
		w.watchThrough(ctx, w.addresses)
	}
}

func (w *watcher) turning(ctx context.Context) {
	for turn := w.number; ctx.Err() == nil; turn++ {
		if follow > 0 {
			w.learnMembers()
		}
		turnCtx, cancel := context.WithTimeout(ctx, turnEvery)
		w.watchThrough(turnCtx, []string{w.addresses[turn%len(w.addresses)]})
		cancel()
	}
}

// learnMembers finds out whom to turn to from now on: of those it knows, one at a time leaves.
func (w *watcher) learnMembers() {
	client, err := connect(w.addresses)
	if err != nil {
		return
	}
	defer client.Close()
	ctx, cancel := within(requestTimeout)
	defer cancel()
	if client.Sync(ctx) == nil {
		w.addresses = client.Endpoints()
	}
}

// watchThrough notes what it is told until the watch ends, with the context or otherwise.
func (w *watcher) watchThrough(ctx context.Context, addresses []string) {
	client, err := connect(addresses)
	if err != nil {
		time.Sleep(redialRest)
		return
	}
	defer client.Close()
	answers := client.Watch(ctx, w.prefix, clientv3.WithPrefix(), clientv3.WithRev(w.told+1), clientv3.WithPrevKV())
	for answer := range answers {
		for _, event := range answer.Events {
			before, beforeRevision := nothing, int64(0)
			if event.PrevKv != nil {
				before, beforeRevision = string(event.PrevKv.Value), event.PrevKv.ModRevision
			}
			value := nothing
			if event.Type == clientv3.EventTypePut {
				value = string(event.Kv.Value)
			}
			w.note(fmt.Sprintf("%d %d %s %s %d %s\n",
				w.number, event.Kv.ModRevision, event.Kv.Key, value, beforeRevision, before))
			w.told = event.Kv.ModRevision
		}
		if answer.CompactRevision != 0 {
			fail(fmt.Sprintf("watcher %d: revision %d was compacted", w.number, w.told+1))
		}
	}
}
