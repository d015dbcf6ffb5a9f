// Command load writes through the official etcd client and later proves that every acknowledged write is still there.
//
//	load run    --endpoints a,b,c --journal FILE   writes unique keys and counters until SIGTERM
//	load verify --endpoints a,b,c --journal FILE   checks the journal against the cluster, also while writes go on
//	load watch  --endpoints a,b,c --watched FILE   notes all that watchers are told of these writes until SIGTERM
//	load watched --journal FILE --watched FILE     checks what they were told against the journal, also meanwhile
//	load leases --endpoints a,b,c                  lets leases live and die until SIGTERM, and checks when they do
//	load probe  --endpoints a,b                    times one write for each line of its input
//	load read   --endpoints a --key KEY            reads a key once for each line of its input
//	load maintain --endpoints a --rate N           times N writes a second before and during compaction and defragmentation
package main

import (
	"context"
	"crypto/tls"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.uber.org/zap"
)

func main() {
	if len(os.Args) < 2 {
		fail("usage: load run|verify|watch|watched|leases|probe|read|maintain --endpoints LIST --journal FILE")
	}
	flags := flag.NewFlagSet(os.Args[1], flag.ExitOnError)
	endpoints := flags.String("endpoints", "127.0.0.1:2379", "client addresses, separated by commas")
	journal := flags.String("journal", "journal", "where writes and their outcomes are noted")
	watched := flags.String("watched", "watched", "where what watchers are told is noted")
	workers := flags.Int("workers", 8, "clients that write, watch or hold leases at the same time")
	late := flags.Duration("late", 20*time.Second, "how much longer than its TTL the key of a lease may stay")
	pause := flags.Duration("pause", 0, "how long a worker rests after each write")
	prefix := flags.String("prefix", "load", "what every key begins with")
	rate := flags.Int("rate", 1_000, "writes a second")
	key := flags.String("key", "load/counter/0", "which key to read")
	flags.DurationVar(&follow, "follow", 0, "how often clients ask who the members are; 0 for never")
	var protection security
	protection.flags(flags)
	if err := flags.Parse(os.Args[2:]); err != nil {
		fail(err.Error())
	}
	addresses := strings.Split(*endpoints, ",")
	var err error
	if tlsConfig, err = protection.config(); err != nil {
		fail(err.Error())
	}
	switch os.Args[1] {
	case "run":
		err = run(addresses, *journal, plan{prefix: *prefix, workers: *workers, pause: *pause})
	case "verify":
		err = verify(addresses, *journal)
	case "watch":
		err = watch(addresses, *watched, *prefix, *workers)
	case "watched":
		err = verifyWatched(*journal, *watched, *workers)
	case "leases":
		err = leases(addresses, *prefix, *workers, *late)
	case "probe":
		err = probe(addresses, *prefix)
	case "read":
		err = read(addresses, *key)
	case "maintain":
		err = maintain(addresses, *prefix, *rate)
	default:
		fail("unknown command " + os.Args[1])
	}
	if err != nil {
		fail(err.Error())
	}
}

// follow is how often clients ask the cluster for its members, to go on when those they were given have left.
var follow time.Duration

// tlsConfig is how connections are protected; not at all when nil.
var tlsConfig *tls.Config

// A machine that lost its power does not close its connections: only unanswered pings tell.
const (
	pingEvery   = 10 * time.Second
	pingTimeout = 3 * time.Second
)

func connect(addresses []string) (*clientv3.Client, error) {
	return clientv3.New(clientv3.Config{
		Endpoints:            addresses,
		AutoSyncInterval:     follow,
		DialTimeout:          2 * time.Second,
		DialKeepAliveTime:    pingEvery,
		DialKeepAliveTimeout: pingTimeout,
		TLS:                  tlsConfig,
		Logger:               zap.NewNop(),
	})
}

func within(timeout time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), timeout)
}

func fail(reason string) {
	fmt.Fprintln(os.Stderr, "load: "+reason)
	os.Exit(1)
}
