// Package clients tests the official Go client, unchanged, against the endpoints that are given: what an application
// does with its watches, leases, sessions and the packages built on them.
//
//	clients.test -endpoints a,b,c
//
// Each test has keys of its own, so most of them run side by side; those that change what all see run first, alone.
package clients

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	clientv3 "go.etcd.io/etcd/client/v3"
	"go.etcd.io/etcd/client/v3/concurrency"
	"go.uber.org/zap"
)

// patience bounds each test; it is generous, since members, clients and other tests share the cores.
const patience = 60 * time.Second

var endpoints = flag.String("endpoints", "127.0.0.1:2379", "client addresses, separated by commas")

func addresses() []string { return strings.Split(*endpoints, ",") }

func connect(t *testing.T) *clientv3.Client { return connectTo(t, addresses()...) }

func connectTo(t *testing.T, to ...string) *clientv3.Client {
	t.Helper()
	client, err := clientv3.New(clientv3.Config{Endpoints: to, DialTimeout: 5 * time.Second, Logger: zap.NewNop()})
	require.NoError(t, err)
	t.Cleanup(func() { client.Close() })
	return client
}

func patient(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

var begun = time.Now().UnixNano()

// keysOf is a prefix that no other test uses, nor did in an earlier run.
func keysOf(t *testing.T) string { return fmt.Sprintf("clients/%d/%s/", begun, t.Name()) }

func put(t *testing.T, client *clientv3.Client, key, value string, options ...clientv3.OpOption) int64 {
	t.Helper()
	answer, err := client.Put(patient(t), key, value, options...)
	require.NoError(t, err)
	return answer.Header.Revision
}

func value(t *testing.T, kv clientv3.KV, key string, options ...clientv3.OpOption) string {
	t.Helper()
	answer, err := kv.Get(patient(t), key, options...)
	require.NoError(t, err)
	if len(answer.Kvs) == 0 {
		return ""
	}
	return string(answer.Kvs[0].Value)
}

func session(t *testing.T, client *clientv3.Client, options ...concurrency.SessionOption) *concurrency.Session {
	t.Helper()
	s, err := concurrency.NewSession(client, options...)
	require.NoError(t, err)
	t.Cleanup(func() { s.Orphan() })
	return s
}

// next is the watch's next answer.
func next(t *testing.T, answers clientv3.WatchChan) clientv3.WatchResponse {
	t.Helper()
	select {
	case answer, open := <-answers:
		require.True(t, open, "the watch ended")
		return answer
	case <-time.After(patience):
		require.FailNow(t, "the watch says nothing")
		return clientv3.WatchResponse{}
	}
}

// events collects so many of a watch, however they are spread over its answers.
func events(t *testing.T, answers clientv3.WatchChan, count int) []*clientv3.Event {
	t.Helper()
	var all []*clientv3.Event
	for len(all) < count {
		answer := next(t, answers)
		require.NoError(t, answer.Err())
		all = append(all, answer.Events...)
	}
	require.Len(t, all, count)
	return all
}

// silent says that the watch has nothing to tell: what is written next is the first that it brings.
func silent(t *testing.T, client *clientv3.Client, answers clientv3.WatchChan, key string) {
	t.Helper()
	revision := put(t, client, key, "the first that is told")
	require.Equal(t, revision, next(t, answers).Events[0].Kv.ModRevision)
}
