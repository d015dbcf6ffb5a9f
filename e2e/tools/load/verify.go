package main

import (
	"bufio"
	"fmt"
	"os"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
)

const verifyTimeout = 30 * time.Second

type written struct {
	value    string
	revision int64
}

// verify proves that every acknowledged write is there, as it was acknowledged, and that all members have the same
// history.
func verify(addresses []string, journal string) error {
	acknowledged, err := read(journal)
	if err != nil {
		return err
	}
	client, err := connect(addresses)
	if err != nil {
		return err
	}
	defer client.Close()
	revision, err := checkWrites(client, acknowledged)
	if err != nil {
		return err
	}
	if err := checkHashes(client, addresses, revision); err != nil {
		return err
	}
	fmt.Printf("%d acknowledged writes are there, all members agree at revision %d\n", len(acknowledged), revision)
	return nil
}

func read(journal string) (map[string]written, error) {
	file, err := os.Open(journal)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	acknowledged := make(map[string]written)
	revisions := make(map[int64]string)
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		var key, value string
		var revision int64
		if _, err := fmt.Sscanf(lines.Text(), "%s %s %d", &key, &value, &revision); err != nil {
			return nil, fmt.Errorf("journal line %q: %w", lines.Text(), err)
		}
		if other, taken := revisions[revision]; taken {
			return nil, fmt.Errorf("revision %d was acknowledged for %s and for %s", revision, other, key)
		}
		revisions[revision] = key
		acknowledged[key] = written{value, revision}
	}
	return acknowledged, lines.Err()
}

// checkWrites pages through everything that was written, linearizably, at one revision.
func checkWrites(client *clientv3.Client, acknowledged map[string]written) (int64, error) {
	const page = 10_000
	missing := make(map[string]written, len(acknowledged))
	for key, write := range acknowledged {
		missing[key] = write
	}
	var revision int64
	from := "\x00"
	for {
		ctx, cancel := within(verifyTimeout)
		answer, err := client.Get(ctx, from, clientv3.WithFromKey(), clientv3.WithLimit(page), clientv3.WithRev(revision))
		cancel()
		if err != nil {
			return 0, fmt.Errorf("reading back: %w", err)
		}
		if revision == 0 {
			revision = answer.Header.Revision
		}
		for _, kv := range answer.Kvs {
			write, known := missing[string(kv.Key)]
			if !known {
				continue
			}
			if write.value != string(kv.Value) || write.revision != kv.ModRevision {
				return 0, fmt.Errorf("%s was acknowledged as %s at %d and is %s at %d",
					kv.Key, write.value, write.revision, kv.Value, kv.ModRevision)
			}
			delete(missing, string(kv.Key))
		}
		if !answer.More {
			break
		}
		from = string(answer.Kvs[len(answer.Kvs)-1].Key) + "\x00"
	}
	for key, write := range missing {
		return 0, fmt.Errorf("lost: %d acknowledged writes, among them %s at revision %d", len(missing), key, write.revision)
	}
	return revision, nil
}

func checkHashes(client *clientv3.Client, addresses []string, revision int64) error {
	hashes := make(map[uint32]string)
	for _, address := range addresses {
		hash, err := hashWhenCaughtUp(client, address, revision)
		if err != nil {
			return err
		}
		hashes[hash] = address
	}
	if len(hashes) != 1 {
		return fmt.Errorf("members disagree at revision %d: %v", revision, hashes)
	}
	return nil
}

func hashWhenCaughtUp(client *clientv3.Client, address string, revision int64) (uint32, error) {
	deadline := time.Now().Add(verifyTimeout)
	for {
		ctx, cancel := within(verifyTimeout)
		answer, err := client.HashKV(ctx, address, revision)
		cancel()
		if err == nil {
			return answer.Hash, nil
		}
		if time.Now().After(deadline) {
			return 0, fmt.Errorf("%s does not reach revision %d: %w", address, revision, err)
		}
		time.Sleep(100 * time.Millisecond)
	}
}
