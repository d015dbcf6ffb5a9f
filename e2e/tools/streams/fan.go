package main

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	pb "go.etcd.io/etcd/api/v3/etcdserverpb"
	clientv3 "go.etcd.io/etcd/client/v3"
	"go.uber.org/zap"
	"google.golang.org/protobuf/proto"
)

// askedAtOnce keeps what is asked within the window of a stream, which this client does not look at.
const askedAtOnce = 500

// fanPlan says who watches what, and what is written.
type fanPlan struct {
	endpoint string
	streams  int
	watchers int
	keys     string
	puts     int
	together int
	writers  int
	value    string
	hold     bool
}

// fan prints the time from the first write to the last event, and how many there were.
func fan(words []string) error {
	flags := flag.NewFlagSet("fan", flag.ExitOnError)
	var p fanPlan
	flags.StringVar(&p.endpoint, "endpoint", "127.0.0.1:2379", "client address of a member")
	flags.IntVar(&p.streams, "streams", 10, "streams, each on a connection of its own")
	flags.IntVar(&p.watchers, "watchers", 10_000, "watchers on all streams together")
	flags.StringVar(&p.keys, "keys", "one", "what they watch: one key, distinct keys, or one prefix")
	flags.IntVar(&p.puts, "puts", 200, "writes")
	flags.IntVar(&p.together, "together", 1, "writes of one transaction, of keys that follow each other")
	flags.IntVar(&p.writers, "writers", 8, "clients that write at the same time")
	valueBytes := flags.Int("value-bytes", 32, "length of a value")
	flags.BoolVar(&p.hold, "hold", false, "once all watch, wait for a line of input before writing")
	if err := flags.Parse(words); err != nil {
		return err
	}
	if p.together < 1 || p.together > p.watchers || p.puts%p.together != 0 {
		return fmt.Errorf("--together %d must be 1 to the number of watchers and divide --puts %d", p.together, p.puts)
	}
	p.value = strings.Repeat("v", *valueBytes)
	return p.run()
}

func (p *fanPlan) run() error {
	heard := &counters{}
	began := time.Now()
	for number := range p.streams {
		if err := p.watchOn(number, heard); err != nil {
			return err
		}
	}
	heard.await(&heard.created, int64(p.watchers))
	fmt.Printf("watching\t%d\tin\t%.3f s\n", p.watchers, time.Since(began).Seconds())
	if p.hold {
		var line string
		fmt.Scanln(&line)
	}
	began = time.Now()
	if err := p.write(); err != nil {
		return err
	}
	written := time.Since(began)
	expected := int64(p.puts)
	if p.keys != "distinct" {
		expected *= int64(p.watchers)
	}
	heard.await(&heard.events, expected)
	took := time.Since(began)
	fmt.Printf("events\t%d\tin\t%.3f s\tputs in\t%.3f s\trate\t%.0f\tanswers\t%d\n",
		expected, took.Seconds(), written.Seconds(), float64(expected)/took.Seconds(), heard.answers.Load())
	return nil
}

func (p *fanPlan) watchOn(number int, heard *counters) error {
	line, err := dial(p.endpoint, heard)
	if err != nil {
		return err
	}
	go line.listen()
	already, asked := heard.created.Load(), int64(0)
	for watcher := number; watcher < p.watchers; watcher += p.streams {
		request := &pb.WatchCreateRequest{Key: []byte(p.key(watcher))}
		if p.keys == "prefix" {
			request.Key, request.RangeEnd = []byte("fan/"), []byte("fan0")
		}
		message, err := proto.Marshal(create(request))
		if err != nil {
			return err
		}
		if err := line.send(message); err != nil {
			return err
		}
		if asked++; asked%askedAtOnce == 0 {
			if err := line.flush(); err != nil {
				return err
			}
			heard.await(&heard.created, already+asked)
		}
	}
	return line.flush()
}

func (p *fanPlan) key(number int) string {
	switch p.keys {
	case "distinct", "prefix":
		return fmt.Sprintf("fan/%06d", number%p.watchers)
	default:
		return "fan/one"
	}
}

func (p *fanPlan) write() error {
	client, err := clientv3.New(clientv3.Config{Endpoints: []string{p.endpoint}, Logger: zap.NewNop()})
	if err != nil {
		return err
	}
	defer client.Close()
	var next atomic.Int64
	var group sync.WaitGroup
	failure := make(chan error, p.writers)
	for range p.writers {
		group.Go(func() {
			step := int64(p.together)
			for first := next.Add(step) - step; first < int64(p.puts); first = next.Add(step) - step {
				if err := p.writeFrom(client, int(first)); err != nil {
					failure <- err
					return
				}
			}
		})
	}
	group.Wait()
	close(failure)
	return <-failure
}

func (p *fanPlan) writeFrom(client *clientv3.Client, first int) error {
	if p.together == 1 {
		_, err := client.Put(context.Background(), p.key(first), p.value)
		return err
	}
	puts := make([]clientv3.Op, p.together)
	for place := range puts {
		puts[place] = clientv3.OpPut(p.key(first+place), p.value)
	}
	_, err := client.Txn(context.Background()).Then(puts...).Commit()
	return err
}
