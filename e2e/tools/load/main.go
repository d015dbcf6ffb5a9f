// Command load writes unique keys through the official etcd client and later proves that every acknowledged one is
// still there.
//
//	load run    --endpoints a,b,c --workers 8 --journal FILE   writes until SIGTERM
//	load verify --endpoints a,b,c --journal FILE               checks the journal against the cluster
package main

import (
	"context"
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
		fail("usage: load run|verify --endpoints LIST --journal FILE")
	}
	flags := flag.NewFlagSet(os.Args[1], flag.ExitOnError)
	endpoints := flags.String("endpoints", "127.0.0.1:2379", "client addresses, separated by commas")
	journal := flags.String("journal", "journal", "where acknowledged writes are noted")
	workers := flags.Int("workers", 8, "clients that write at the same time")
	prefix := flags.String("prefix", "load", "what every key begins with")
	if err := flags.Parse(os.Args[2:]); err != nil {
		fail(err.Error())
	}
	addresses := strings.Split(*endpoints, ",")
	var err error
	switch os.Args[1] {
	case "run":
		err = run(addresses, *journal, *prefix, *workers)
	case "verify":
		err = verify(addresses, *journal)
	default:
		fail("unknown command " + os.Args[1])
	}
	if err != nil {
		fail(err.Error())
	}
}

func connect(addresses []string) (*clientv3.Client, error) {
	return clientv3.New(clientv3.Config{
		Endpoints:   addresses,
		DialTimeout: 2 * time.Second,
		Logger:      zap.NewNop(),
	})
}

func within(timeout time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), timeout)
}

func fail(reason string) {
	fmt.Fprintln(os.Stderr, "load: "+reason)
	os.Exit(1)
}
