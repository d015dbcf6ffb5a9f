package main

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"time"
)

// write is one put as the client saw it. A revision of 0 means that its outcome is unknown.
type write struct {
	key, value string
	revision   int64
	begun      int64 // nanoseconds, comparable within one journal
	ended      int64
}

func (w write) unknown() bool { return w.revision == 0 }

// journalFile notes outcomes, one a line in one system call each, before the writer goes on.
type journalFile struct {
	mu   sync.Mutex
	file *os.File
}

func openJournal(path string) (*journalFile, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	return &journalFile{file: file}, err
}

func (j *journalFile) note(w write) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if _, err := fmt.Fprintf(j.file, "%s %s %d %d %d\n", w.key, w.value, w.revision, w.begun, w.ended); err != nil {
		fail(err.Error())
	}
}

// readJournal reads all whole lines: the writer may be adding one.
func readJournal(path string) ([]write, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	lines := strings.Split(string(text), "\n")
	writes := make([]write, 0, len(lines))
	for _, line := range lines[:len(lines)-1] {
		var w write
		if _, err := fmt.Sscan(line, &w.key, &w.value, &w.revision, &w.begun, &w.ended); err != nil {
			return nil, fmt.Errorf("journal line %q: %w", line, err)
		}
		writes = append(writes, w)
	}
	return writes, nil
}

var (
	startWall      = time.Now().UnixNano()
	startMonotonic = time.Now()
)

// now never steps back while this process lives, and goes on in the next one.
func now() int64 { return startWall + int64(time.Since(startMonotonic)) }
