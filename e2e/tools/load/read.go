package main

import (
	"bufio"
	"fmt"
	"os"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
)

const readTimeout = 5 * time.Second

// read answers each line of its input with the value of the key, read linearizably, or "none" where that failed. Each
// read starts when its line comes, so several may wait at a member that is paused; answers come as they are there.
func read(addresses []string, key string) error {
	client, err := connect(addresses)
	if err != nil {
		return err
	}
	defer client.Close()
	fmt.Println(value(client, key))
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		go func() { fmt.Println(value(client, key)) }()
	}
	return nil
}

func value(client *clientv3.Client, key string) string {
	ctx, cancel := within(readTimeout)
	defer cancel()
	answer, err := client.Get(ctx, key)
	switch {
	case err != nil:
		return "none"
	case len(answer.Kvs) == 0:
		return "0"
	default:
		return string(answer.Kvs[0].Value)
	}
}
