package main

import (
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"sync"
	"syscall"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
)

const (
	// requestTimeout bounds one write; its outcome is unknown when it passes, and it is not tried again.
	requestTimeout = 2 * time.Second
	restAfterError = 20 * time.Millisecond
	counters       = 4
	counterEvery   = 8
	// writersMax is more than there are workers in any run.
	writersMax = 1_000
)

type plan struct {
	prefix  string
	workers int
	pause   time.Duration
}

type worker struct {
	client *clientv3.Client
	notes  *journalFile
	prefix string
	name   string
}

func run(addresses []string, journal string, p plan) error {
	notes, err := openJournal(journal)
	if err != nil {
		return err
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	stopped := make(chan struct{})
	go func() {
		<-stop
		close(stopped)
	}()
	var group sync.WaitGroup
	for number := range p.workers {
		client, err := connect(addresses)
		if err != nil {
			return err
		}
		defer client.Close()
		w := worker{client, notes, p.prefix, fmt.Sprintf("%s/%d/%d", p.prefix, startWall, number)}
		group.Go(func() { w.writeUntil(stopped, p.pause) })
	}
	group.Wait()
	return nil
}

func (w worker) writeUntil(stopped chan struct{}, pause time.Duration) {
	for i := 0; ; i++ {
		select {
		case <-stopped:
			return
		case <-time.After(pause):
		}
		known := true
		if i%counterEvery == counterEvery-1 {
			known = w.increment(fmt.Sprintf("%s/counter/%d", w.prefix, i/counterEvery%counters))
		} else {
			known = w.put(fmt.Sprintf("%s/%d", w.name, i), fmt.Sprintf("value-%d", i))
		}
		if !known {
			time.Sleep(restAfterError)
		}
	}
}

func (w worker) put(key, value string) bool {
	ctx, cancel := within(requestTimeout)
	defer cancel()
	note := write{key: key, value: value, begun: now()}
	answer, err := w.client.Put(ctx, key, value)
	if err == nil {
		note.revision = answer.Header.Revision
	}
	note.ended = now()
	w.notes.note(note)
	return err == nil
}

// increment adds one to a counter that all workers share, unless another was faster.
func (w worker) increment(key string) bool {
	ctx, cancel := within(requestTimeout)
	defer cancel()
	answer, err := w.client.Get(ctx, key)
	if err != nil {
		return false
	}
	var count, modRevision int64
	if len(answer.Kvs) == 1 {
		modRevision = answer.Kvs[0].ModRevision
		if count, err = strconv.ParseInt(string(answer.Kvs[0].Value), 10, 64); err != nil {
			fail(fmt.Sprintf("counter %s holds %q", key, answer.Kvs[0].Value))
		}
	}
	note := write{key: key, value: strconv.FormatInt(count+1, 10), begun: now()}
	swap, err := w.client.Txn(ctx).
		If(clientv3.Compare(clientv3.ModRevision(key), "=", modRevision)).
		Then(clientv3.OpPut(key, note.value)).
		Commit()
	if err == nil && !swap.Succeeded {
		return true
	}
	if err == nil {
		note.revision = swap.Header.Revision
	}
	note.ended = now()
	w.notes.note(note)
	return err == nil
}
