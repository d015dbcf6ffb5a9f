// Command queue hands out each item at least once, whichever consumer or member dies.
//
//	queue -endpoints a:2379,b:2379 produce NAME COUNT
//	queue -endpoints a:2379,b:2379 consume
//
// An item is a key. A consumer claims it by a second key under its lease, works, and deletes both in one transaction. If
// it dies before, the claim goes with its lease and the item is there for the next: it may be worked on twice, never
// not at all. A producer that does not hear whether an item was stored stores it again under the same name.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.etcd.io/etcd/client/v3/concurrency"
	"go.uber.org/zap"
)

const (
	items      = "queue/items/"
	claims     = "queue/claims/"
	ttlSeconds = 3
	atOnce     = 10
	workTakes  = 20 * time.Millisecond
	patience   = 2 * time.Second
)

func main() {
	endpoints := flag.String("endpoints", "127.0.0.1:2379", "client addresses, separated by commas")
	flag.Parse()
	client, err := clientv3.New(clientv3.Config{Endpoints: strings.Split(*endpoints, ","), Logger: zap.NewNop()})
	if err != nil {
		panic(err)
	}
	if flag.Arg(0) == "produce" {
		count, err := strconv.Atoi(flag.Arg(2))
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		produce(client, flag.Arg(1), count)
		return
	}
	for {
		if err := consume(client); err != nil {
			fmt.Println("again, after", err)
		}
	}
}

func produce(client *clientv3.Client, name string, count int) {
	for i := 0; i < count; {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		item := fmt.Sprintf("%s-%d", name, i)
		if _, err := client.Put(ctx, items+item, item); err == nil {
			fmt.Println("produced", item)
			i++
		}
		cancel()
	}
}

// consume works until its session ends.
func consume(client *clientv3.Client) error {
	session, err := concurrency.NewSession(client, concurrency.WithTTL(ttlSeconds))
	if err != nil {
		return err
	}
	defer session.Close()
	for {
		select {
		case <-session.Done():
			return fmt.Errorf("the session ended")
		default:
		}
		worked, revision, err := workOnSome(client, session)
		if err != nil {
			return err
		}
		if !worked {
			awaitChange(client, session, revision+1)
		}
	}
}

// workOnSome looks at the oldest items and works on those that nobody else has claimed.
func workOnSome(client *clientv3.Client, session *concurrency.Session) (bool, int64, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	oldest, err := client.Get(ctx, items, clientv3.WithPrefix(), clientv3.WithLimit(atOnce),
		clientv3.WithSort(clientv3.SortByCreateRevision, clientv3.SortAscend))
	if err != nil {
		return false, 0, err
	}
	worked := false
	for _, item := range oldest.Kvs {
		done, err := workOn(client, session, string(item.Key), string(item.Value))
		if err != nil {
			return worked, 0, err
		}
		worked = worked || done
	}
	return worked, oldest.Header.Revision, nil
}

func workOn(client *clientv3.Client, session *concurrency.Session, key, value string) (bool, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	claim := claims + strings.TrimPrefix(key, items)
	claimed, err := client.Txn(ctx).
		If(clientv3.Compare(clientv3.CreateRevision(claim), "=", 0),
			clientv3.Compare(clientv3.CreateRevision(key), ">", 0)).
		Then(clientv3.OpPut(claim, "", clientv3.WithLease(session.Lease()))).
		Commit()
	if err != nil || !claimed.Succeeded {
		return false, err
	}
	time.Sleep(workTakes)
	fmt.Println("worked on", value)
	_, err = client.Txn(ctx).
		If(clientv3.Compare(clientv3.CreateRevision(claim), "=", claimed.Header.Revision)).
		Then(clientv3.OpDelete(key), clientv3.OpDelete(claim)).
		Commit()
	return true, err
}

// awaitChange returns when there may be something to do: a new item, or the claim of one that died was lost.
func awaitChange(client *clientv3.Client, session *concurrency.Session, from int64) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	changes := client.Watch(ctx, "queue/", clientv3.WithPrefix(), clientv3.WithRev(from))
	select {
	case <-changes:
	case <-session.Done():
	}
}
