package main

import (
	"bufio"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
)

const (
	probeEvery   = 20 * time.Millisecond
	probeTimeout = 30 * time.Second
)

// probe answers each line of its input with the milliseconds until a write succeeds. One that hangs (say, sent on to
// a member that has just died) does not hide the next one's success.
func probe(addresses []string, prefix string) error {
	client, err := connect(addresses)
	if err != nil {
		return err
	}
	defer client.Close()
	if _, err := untilWritten(client, prefix); err != nil {
		return err
	}
	fmt.Println("connected")
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		taken, err := untilWritten(client, prefix)
		if err != nil {
			return err
		}
		fmt.Println(taken.Milliseconds())
	}
	return nil
}

func untilWritten(client *clientv3.Client, prefix string) (time.Duration, error) {
	begun := time.Now()
	ctx, cancel := within(probeTimeout)
	defer cancel()
	done := make(chan time.Duration, 1)
	var written atomic.Bool
	next := time.NewTicker(probeEvery)
	defer next.Stop()
	for {
		go func() {
			if _, err := client.Put(ctx, prefix+"/probe", "x"); err == nil && written.CompareAndSwap(false, true) {
				done <- time.Since(begun)
			}
		}()
		select {
		case taken := <-done:
			return taken, nil
		case <-ctx.Done():
			return 0, fmt.Errorf("no write succeeded within %s", probeTimeout)
		case <-next.C:
		}
	}
}
