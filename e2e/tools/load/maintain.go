package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
)

const (
	// phaseMin is how long writes are measured at least, also when what is done meanwhile takes no time.
	phaseMin = 15 * time.Second
	// settleMin is how long answers to writes that were held up may take to arrive.
	settleMin = time.Second
	// maintenanceMax bounds a compaction or a defragmentation of a few GiB on a slow disk.
	maintenanceMax = 10 * time.Minute
	// lateMax is after how long a write counts as lost; it is longer than a defragmentation that stops a member.
	lateMax       = 5 * time.Minute
	pacedClients  = 8
	pacedValue    = 256
	pacedKeys     = 100_000
	pacedInFlight = 20_000
)

// pacer writes at a constant rate, whether or not answers come, and notes how long after its turn each write was answered.
type pacer struct {
	clients []*clientv3.Client
	prefix  string

	mutex  sync.Mutex
	taken  []time.Duration
	failed int
}

// maintain measures writes at a constant rate before, during a compaction of all that is old, and during a defragmentation.
func maintain(addresses []string, prefix string, rate int) error {
	p := &pacer{prefix: prefix}
	for range pacedClients {
		client, err := connect(addresses)
		if err != nil {
			return err
		}
		defer client.Close()
		p.clients = append(p.clients, client)
	}
	client := p.clients[0]
	stop := make(chan struct{})
	var writing sync.WaitGroup
	writing.Go(func() { p.writeUntil(stop, rate) })
	defer writing.Wait()
	defer close(stop)

	// The first seconds warm up a server that compiles what it sees often.
	time.Sleep(phaseMin)
	p.take()
	if err := p.phase("before", func(context.Context) error { return nil }); err != nil {
		return err
	}
	compact := func(ctx context.Context) error {
		answer, err := client.Get(ctx, "nothing")
		if err != nil {
			return err
		}
		_, err = client.Compact(ctx, answer.Header.Revision, clientv3.WithCompactPhysical())
		return err
	}
	if err := p.phase("compaction", compact); err != nil {
		return err
	}
	defragment := func(ctx context.Context) error {
		_, err := client.Defragment(ctx, addresses[0])
		return err
	}
	return p.phase("defragmentation", defragment)
}

// phase does something and prints a line about the writes meanwhile.
func (p *pacer) phase(name string, do func(context.Context) error) error {
	began := time.Now()
	ctx, cancel := within(maintenanceMax)
	defer cancel()
	if err := do(ctx); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	took := time.Since(began)
	// A write that was held up is counted where it was held up.
	time.Sleep(max(phaseMin-took, settleMin))
	taken, failed := p.take()
	if len(taken) == 0 {
		return fmt.Errorf("%s: no write was answered", name)
	}
	slices.Sort(taken)
	fmt.Printf("%s\t%.1f\t%d\t%d\t%.1f\t%.1f\t%.1f\n", name, took.Seconds(), len(taken), failed,
		millis(taken[len(taken)/2]), millis(taken[len(taken)*99/100]), millis(taken[len(taken)-1]))
	return nil
}

func millis(d time.Duration) float64 {
	return float64(d.Microseconds()) / 1_000
}

// take returns what was noted since it was last asked.
func (p *pacer) take() ([]time.Duration, int) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	taken, failed := p.taken, p.failed
	p.taken, p.failed = nil, 0
	return taken, failed
}

func (p *pacer) writeUntil(stop chan struct{}, rate int) {
	var group sync.WaitGroup
	defer group.Wait()
	room := make(chan struct{}, pacedInFlight)
	began := time.Now()
	for i := 0; ; i++ {
		turn := began.Add(time.Duration(i) * time.Second / time.Duration(rate))
		select {
		case <-stop:
			return
		case <-time.After(time.Until(turn)):
		}
		room <- struct{}{}
		group.Go(func() {
			p.write(i, turn)
			<-room
		})
	}
}

func (p *pacer) write(i int, turn time.Time) {
	ctx, cancel := within(lateMax)
	defer cancel()
	key := fmt.Sprintf("%s/paced/%d", p.prefix, i%pacedKeys)
	_, err := p.clients[i%len(p.clients)].Put(ctx, key, string(make([]byte, pacedValue)))
	took := time.Since(turn)
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if err != nil {
		p.failed++
	} else {
		p.taken = append(p.taken, took)
	}
}
