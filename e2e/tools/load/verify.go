package main

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
	"time"

	"go.etcd.io/etcd/api/v3/mvccpb"
	clientv3 "go.etcd.io/etcd/client/v3"
)

const (
	verifyTimeout = 30 * time.Second
	pageSize      = 5_000
)

// verify proves that every acknowledged write is there as it was acknowledged, that revisions follow real time, and
// that all members have the same history. It reads the journal first, so writes may go on meanwhile.
func verify(addresses []string, journal string) error {
	writes, err := readJournal(journal)
	if err != nil {
		return err
	}
	acknowledged, err := inRevisionOrder(writes)
	if err != nil {
		return err
	}
	client, err := connect(addresses)
	if err != nil {
		return err
	}
	defer client.Close()
	revision, stored, err := readAll(client, prefixOf(writes), 0)
	if err != nil {
		return err
	}
	if err := checkWrites(writes, stored, revision); err != nil {
		return err
	}
	if err := checkMembers(addresses, revision, writes, stored); err != nil {
		return err
	}
	fmt.Printf("%d acknowledged and %d unknown writes agree with %d members at revision %d\n",
		len(acknowledged), len(writes)-len(acknowledged), len(addresses), revision)
	return nil
}

func prefixOf(writes []write) string {
	if len(writes) == 0 {
		return "load/"
	}
	return writes[0].key[:strings.Index(writes[0].key, "/")+1]
}

// inRevisionOrder sorts what was acknowledged and sweeps real time over it: one revision belongs to one write, and a
// write that began after another had ended has the higher revision.
func inRevisionOrder(writes []write) ([]write, error) {
	var sorted []write
	for _, w := range writes {
		if !w.unknown() {
			sorted = append(sorted, w)
		}
	}
	sort.Slice(sorted, func(i, j int) bool { return sorted[i].revision < sorted[j].revision })
	latestBegun := write{}
	for i, w := range sorted {
		if i > 0 && sorted[i-1].revision == w.revision {
			return nil, fmt.Errorf("revision %d was acknowledged for %s and for %s", w.revision, sorted[i-1].key, w.key)
		}
		if w.ended < latestBegun.begun {
			return nil, fmt.Errorf("%s got revision %d, above the %d of %s, which began after it had ended",
				latestBegun.key, latestBegun.revision, w.revision, w.key)
		}
		if w.begun > latestBegun.begun {
			latestBegun = w
		}
	}
	return sorted, nil
}

// readAll pages through all keys of the prefix, linearizably, at one revision.
func readAll(client *clientv3.Client, prefix string, revision int64, options ...clientv3.OpOption) (
	int64, map[string]*mvccpb.KeyValue, error,
) {
	stored := make(map[string]*mvccpb.KeyValue)
	end := clientv3.GetPrefixRangeEnd(prefix)
	for from := prefix; ; {
		ctx, cancel := within(verifyTimeout)
		page := append([]clientv3.OpOption{
			clientv3.WithRange(end), clientv3.WithLimit(pageSize), clientv3.WithRev(revision),
		}, options...)
		answer, err := client.Get(ctx, from, page...)
		cancel()
		if err != nil {
			return 0, nil, fmt.Errorf("reading back: %w", err)
		}
		if revision == 0 {
			revision = answer.Header.Revision
		}
		for _, kv := range answer.Kvs {
			stored[string(kv.Key)] = kv
		}
		if !answer.More {
			return revision, stored, nil
		}
		from = string(answer.Kvs[len(answer.Kvs)-1].Key) + "\x00"
	}
}

// checkWrites looks for every acknowledged write in what is stored. A counter shows the last of its increments, so
// there may be at most as many more of them as have an unknown outcome.
func checkWrites(writes []write, stored map[string]*mvccpb.KeyValue, revision int64) error {
	increments := make(map[string][]write)
	for _, w := range writes {
		if strings.Contains(w.key, "/counter/") {
			increments[w.key] = append(increments[w.key], w)
			continue
		}
		kv, there := stored[w.key]
		if w.unknown() {
			if there && string(kv.Value) != w.value {
				return fmt.Errorf("%s holds %q, which nobody wrote", w.key, kv.Value)
			}
			continue
		}
		if !there {
			return fmt.Errorf("lost: %s, acknowledged at revision %d, is not there at %d", w.key, w.revision, revision)
		}
		if string(kv.Value) != w.value || kv.ModRevision != w.revision {
			return fmt.Errorf("%s was acknowledged as %s at %d and is %s at %d",
				w.key, w.value, w.revision, kv.Value, kv.ModRevision)
		}
	}
	for key, of := range increments {
		if err := checkCounter(key, of, stored[key]); err != nil {
			return err
		}
	}
	return nil
}

func checkCounter(key string, increments []write, kv *mvccpb.KeyValue) error {
	acknowledged, err := inRevisionOrder(increments)
	if err != nil || len(acknowledged) == 0 {
		return err
	}
	last := int64(0)
	for _, w := range acknowledged {
		count, err := strconv.ParseInt(w.value, 10, 64)
		if err != nil {
			return err
		}
		if count <= last {
			return fmt.Errorf("%s was raised to %d at revision %d after it had been %d", key, count, w.revision, last)
		}
		last = count
	}
	if kv == nil {
		return fmt.Errorf("lost: %s, acknowledged as %d", key, last)
	}
	count, err := strconv.ParseInt(string(kv.Value), 10, 64)
	if err != nil {
		return err
	}
	if count < last {
		return fmt.Errorf("lost: %s is %d and was acknowledged as %d", key, count, last)
	}
	if kv.Version != count {
		return fmt.Errorf("%s is %d after %d increments", key, count, kv.Version)
	}
	return nil
}

// checkMembers reads everything from each member alone once it has caught up, and compares the members' hashes.
func checkMembers(addresses []string, revision int64, writes []write, stored map[string]*mvccpb.KeyValue) error {
	hashes := make(map[uint32][]string)
	for _, address := range addresses {
		client, err := connect([]string{address})
		if err != nil {
			return fmt.Errorf("%s: %w", address, err)
		}
		defer client.Close()
		hash, err := hashWhenCaughtUp(client, address, revision)
		if err != nil {
			return err
		}
		hashes[hash] = append(hashes[hash], address)
		_, own, err := readAll(client, prefixOf(writes), revision, clientv3.WithSerializable())
		if err != nil {
			return fmt.Errorf("%s: %w", address, err)
		}
		if len(own) != len(stored) {
			return fmt.Errorf("%s has %d keys at revision %d where the cluster has %d",
				address, len(own), revision, len(stored))
		}
		if err := checkWrites(writes, own, revision); err != nil {
			return fmt.Errorf("%s: %w", address, err)
		}
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
		time.Sleep(50 * time.Millisecond)
	}
}
