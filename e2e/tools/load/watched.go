package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

const (
	catchUpTimeout = 30 * time.Second
	lookEvery      = 100 * time.Millisecond
)

// told is one event as one watcher heard of it.
type told struct {
	watcher          int
	revision         int64
	key, value       string
	previousRevision int64
	previous         string
}

// verifyWatched proves, for every watcher, that it was told each acknowledged write once, in order, with what was there
// before, nothing that nobody wrote, and the same as every other watcher.
func verifyWatched(journal, watched string, watchers int) error {
	writes, err := readJournal(journal)
	if err != nil {
		return err
	}
	acknowledged, err := inRevisionOrder(writes)
	if err != nil {
		return err
	}
	if len(acknowledged) == 0 {
		return fmt.Errorf("no write was acknowledged")
	}
	through := acknowledged[len(acknowledged)-1].revision
	events, err := whenCaughtUp(watched, watchers, through)
	if err != nil {
		return err
	}
	if writes, err = readJournal(journal); err != nil {
		return err
	}
	checked := 0
	for number, of := range events {
		if err := checkOrder(of); err != nil {
			return fmt.Errorf("watcher %d: %w", number, err)
		}
		if err := checkPrevious(of); err != nil {
			return fmt.Errorf("watcher %d: %w", number, err)
		}
		if err := checkReliable(of, acknowledged); err != nil {
			return fmt.Errorf("watcher %d: %w", number, err)
		}
		if err := checkSame(of, events[0], through); err != nil {
			return fmt.Errorf("watcher %d: %w", number, err)
		}
		checked += len(of)
	}
	if err := checkWritten(events[0], writes); err != nil {
		return err
	}
	fmt.Printf("%d events told to %d watchers agree with %d acknowledged writes up to revision %d\n",
		checked, watchers, len(acknowledged), through)
	return nil
}

// whenCaughtUp reads what was told as soon as every watcher has heard of the revision.
func whenCaughtUp(watched string, watchers int, through int64) ([][]told, error) {
	for deadline := time.Now().Add(catchUpTimeout); ; time.Sleep(lookEvery) {
		events, err := readWatched(watched, watchers)
		if err != nil {
			return nil, err
		}
		behind := -1
		for number, of := range events {
			if len(of) == 0 || of[len(of)-1].revision < through {
				behind = number
			}
		}
		if behind < 0 {
			return events, nil
		}
		if time.Now().After(deadline) {
			last := int64(0)
			if of := events[behind]; len(of) > 0 {
				last = of[len(of)-1].revision
			}
			return nil, fmt.Errorf("watcher %d was not told of revision %d in %s, only up to %d",
				behind, through, catchUpTimeout, last)
		}
	}
}

func readWatched(path string, watchers int) ([][]told, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	events := make([][]told, watchers)
	lines := strings.Split(string(text), "\n")
	for _, line := range lines[:len(lines)-1] {
		var t told
		fields := strings.Fields(line)
		if len(fields) != 6 {
			return nil, fmt.Errorf("watched line %q", line)
		}
		t.key, t.value, t.previous = fields[2], fields[3], fields[5]
		if t.watcher, err = strconv.Atoi(fields[0]); err != nil {
			return nil, err
		}
		if t.revision, err = strconv.ParseInt(fields[1], 10, 64); err != nil {
			return nil, err
		}
		if t.previousRevision, err = strconv.ParseInt(fields[4], 10, 64); err != nil {
			return nil, err
		}
		events[t.watcher] = append(events[t.watcher], t)
	}
	return events, nil
}

// checkOrder: each write has a revision of its own, so revisions grow strictly; one that comes again is told twice.
func checkOrder(events []told) error {
	for i := 1; i < len(events); i++ {
		if events[i].revision <= events[i-1].revision {
			return fmt.Errorf("told of revision %d (%s) after %d (%s)",
				events[i].revision, events[i].key, events[i-1].revision, events[i-1].key)
		}
	}
	return nil
}

// checkPrevious: watchers begin with the first revision, so they know themselves what was there before.
func checkPrevious(events []told) error {
	latest := make(map[string]told)
	for _, t := range events {
		before, there := latest[t.key]
		if !there {
			before = told{value: nothing}
		}
		if t.previousRevision != before.revision || t.previous != before.value {
			return fmt.Errorf("%s at revision %d came after %s of %d, said to be %s of %d",
				t.key, t.revision, before.value, before.revision, t.previous, t.previousRevision)
		}
		latest[t.key] = t
	}
	return nil
}

func checkReliable(events []told, acknowledged []write) error {
	at := make(map[int64]told, len(events))
	for _, t := range events {
		at[t.revision] = t
	}
	for _, w := range acknowledged {
		t, there := at[w.revision]
		if !there {
			return fmt.Errorf("never told of %s, acknowledged at revision %d", w.key, w.revision)
		}
		if t.key != w.key || t.value != w.value {
			return fmt.Errorf("told of %s = %s at revision %d, which was acknowledged for %s = %s",
				t.key, t.value, w.revision, w.key, w.value)
		}
	}
	return nil
}

// checkSame: what had an unknown outcome happened for all watchers or for none.
func checkSame(events, others []told, through int64) error {
	for i := 0; i < len(events) && i < len(others) && others[i].revision <= through; i++ {
		one, other := events[i], others[i]
		if one.revision != other.revision || one.key != other.key || one.value != other.value {
			return fmt.Errorf("told of %s = %s at revision %d where watcher %d was told of %s = %s at %d",
				one.key, one.value, one.revision, other.watcher, other.key, other.value, other.revision)
		}
	}
	return nil
}

// checkWritten looks for events that nobody caused. What is being written has no line in the journal yet, so those at
// the end, as many as there may be writers, are left for the next time.
func checkWritten(events []told, writes []write) error {
	sent := make(map[string]bool, len(writes))
	newest := int64(0)
	for _, w := range writes {
		sent[w.key+" "+w.value] = true
		newest = max(newest, w.revision)
	}
	for _, t := range events {
		if t.revision < newest-writersMax && !sent[t.key+" "+t.value] {
			return fmt.Errorf("told of %s = %s at revision %d, which nobody wrote", t.key, t.value, t.revision)
		}
	}
	return nil
}
