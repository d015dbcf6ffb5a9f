// Command election runs one candidate. Of all that run, one leads at a time, and only who leads gets work done.
//
//	election -endpoints a:2379,b:2379 NAME
//
// Whoever has led may be the last to learn that he does no longer. So each piece of work is a transaction on the
// condition that the key of his candidacy is still the one that was elected. Its create revision is his token: those of
// later leaders are higher.
package main

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.etcd.io/etcd/client/v3/concurrency"
	"go.uber.org/zap"
)

const (
	office     = "election/office"
	work       = "election/work"
	ttlSeconds = 3
	workEvery  = 50 * time.Millisecond
	patience   = 2 * time.Second
)

func main() {
	endpoints := flag.String("endpoints", "127.0.0.1:2379", "client addresses, separated by commas")
	flag.Parse()
	client, err := clientv3.New(clientv3.Config{Endpoints: strings.Split(*endpoints, ","), Logger: zap.NewNop()})
	if err != nil {
		panic(err)
	}
	for {
		if err := campaignAndLead(client, flag.Arg(0)); err != nil {
			fmt.Println("again, after", err)
		}
	}
}

func campaignAndLead(client *clientv3.Client, name string) error {
	session, err := concurrency.NewSession(client, concurrency.WithTTL(ttlSeconds))
	if err != nil {
		return err
	}
	defer session.Close()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		<-session.Done()
		cancel()
	}()
	election := concurrency.NewElection(session, office)
	if err := election.Campaign(ctx, name); err != nil {
		return err
	}
	fmt.Println("elected", election.Rev())
	for {
		select {
		case <-ctx.Done():
			return fmt.Errorf("the session ended")
		case <-time.After(workEvery):
		}
		if err := doWork(ctx, client, election, name); err != nil {
			return err
		}
	}
}

func doWork(ctx context.Context, client *clientv3.Client, election *concurrency.Election, name string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	done, err := client.Txn(ctx).
		If(clientv3.Compare(clientv3.CreateRevision(election.Key()), "=", election.Rev())).
		Then(clientv3.OpPut(work, fmt.Sprintf("%d %s", election.Rev(), name))).
		Commit()
	if err == nil && !done.Succeeded {
		return fmt.Errorf("another leads")
	}
	return err
}
