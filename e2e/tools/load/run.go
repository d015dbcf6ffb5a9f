package main

import (
	"bufio"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
)

// requestTimeout bounds one write; its outcome is unknown when it passes, and it is not tried again.
const requestTimeout = 2 * time.Second

// journalFile notes acknowledged writes, one a line, before the writer goes on.
type journalFile struct {
	mu  sync.Mutex
	out *bufio.Writer
}

func (j *journalFile) note(key, value string, revision int64) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if _, err := fmt.Fprintf(j.out, "%s %s %d\n", key, value, revision); err != nil {
		return err
	}
	return j.out.Flush()
}

func run(addresses []string, journal, prefix string, workers int) error {
	file, err := os.OpenFile(journal, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer file.Close()
	notes := &journalFile{out: bufio.NewWriter(file)}
	stop := make(chan struct{})
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		<-signals
		close(stop)
	}()
	life := time.Now().UnixNano()
	var group sync.WaitGroup
	for worker := range workers {
		client, err := connect(addresses)
		if err != nil {
			return err
		}
		defer client.Close()
		group.Go(func() { write(client, notes, fmt.Sprintf("%s/%d/%d", prefix, life, worker), stop) })
	}
	group.Wait()
	return nil
}

func write(client *clientv3.Client, notes *journalFile, prefix string, stop chan struct{}) {
	for i := 0; ; i++ {
		select {
		case <-stop:
			return
		default:
		}
		key, value := fmt.Sprintf("%s/%d", prefix, i), fmt.Sprintf("value-%d", i)
		ctx, cancel := within(requestTimeout)
		answer, err := client.Put(ctx, key, value)
		cancel()
		if err != nil {
			time.Sleep(20 * time.Millisecond)
			continue
		}
		if err := notes.note(key, value, answer.Header.Revision); err != nil {
			fail(err.Error())
		}
	}
}
