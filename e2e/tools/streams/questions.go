package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	pb "go.etcd.io/etcd/api/v3/etcdserverpb"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

func watch(key, end string) *pb.WatchCreateRequest {
	return &pb.WatchCreateRequest{Key: []byte(key), RangeEnd: []byte(end)}
}

func with(request *pb.WatchCreateRequest, change func(*pb.WatchCreateRequest)) *pb.WatchRequest {
	change(request)
	return create(request)
}

func traceIds(t *tracer) error {
	s, err := t.open("ids")
	if err != nil {
		return err
	}
	defer s.close()
	id := func(id int64) *pb.WatchRequest {
		return with(watch("id", ""), func(r *pb.WatchCreateRequest) { r.WatchId = id })
	}
	s.ask("the first of its own choice", id(0))
	s.ask("another", id(0))
	s.ask("one chosen", id(3))
	s.ask("one chosen twice", id(3))
	s.ask("chosen around it", id(0))
	s.ask("and past it", id(0))
	s.ask("a negative one", id(-7))
	s.ask("minus one", id(-1))
	s.ask("cancel one", cancel(3))
	s.ask("cancel it again", cancel(3))
	s.ask("choose it again", id(3))
	s.ask("cancel the first", cancel(0))
	s.ask("its own choice after that", id(0))
	s.ask("cancel one that never was", cancel(99))
	t.put("id", "1")
	s.ask("what all of them hear", nil)
	return nil
}

func traceRefusals(t *tracer) error {
	s, err := t.open("refusals")
	if err != nil {
		return err
	}
	defer s.close()
	s.ask("an end before the key", create(watch("b", "a")))
	s.ask("an end at the key", create(watch("b", "b")))
	s.ask("a negative revision", with(watch("b", ""), func(r *pb.WatchCreateRequest) { r.StartRevision = -1 }))
	s.ask("both", with(watch("b", "a"), func(r *pb.WatchCreateRequest) { r.StartRevision = -1 }))
	s.ask("both, with an id", with(watch("b", "a"), func(r *pb.WatchCreateRequest) { r.WatchId = 4 }))
	s.ask("a key beyond an open end", create(watch("b", "\x00")))
	s.ask("no key", create(watch("", "")))
	s.ask("everything", create(watch("", "\x00")))
	s.ask("no key before an end", create(watch("", "b")))
	t.put("\x00", "zero")
	s.ask("what they hear of the first key of all", nil)
	t.put("c", "c")
	s.ask("and of another", nil)
	return nil
}

func traceEvents(t *tracer) error {
	s, err := t.open("events")
	if err != nil {
		return err
	}
	defer s.close()
	s.ask("a prefix", create(watch("e/", "e0")))
	s.ask("with what was before", with(watch("e/", "e0"), func(r *pb.WatchCreateRequest) { r.PrevKv = true }))
	filters := func(filters ...pb.WatchCreateRequest_FilterType) *pb.WatchRequest {
		return with(watch("e/", "e0"), func(r *pb.WatchCreateRequest) { r.Filters = filters })
	}
	s.ask("no puts", filters(pb.WatchCreateRequest_NOPUT))
	s.ask("no deletes", filters(pb.WatchCreateRequest_NODELETE))
	s.ask("neither", filters(pb.WatchCreateRequest_NOPUT, pb.WatchCreateRequest_NODELETE))
	s.ask("an unknown filter", filters(9))
	t.put("e/1", "a")
	s.ask("a creation", nil)
	t.put("e/1", "b")
	s.ask("a change", nil)
	t.del("e/1", "")
	s.ask("a delete", nil)
	t.del("e/1", "")
	s.ask("a delete of nothing", nil)
	put := func(key string) *pb.RequestOp {
		return &pb.RequestOp{Request: &pb.RequestOp_RequestPut{
			RequestPut: &pb.PutRequest{Key: []byte(key), Value: []byte("txn")},
		}}
	}
	remove := &pb.RequestOp{Request: &pb.RequestOp_RequestDeleteRange{
		RequestDeleteRange: &pb.DeleteRangeRequest{Key: []byte("e/1"), RangeEnd: []byte("e/2")},
	}}
	t.put("e/1", "again")
	s.ask("again", nil)
	if _, err := t.kv.Txn(context.Background(),
		&pb.TxnRequest{Success: []*pb.RequestOp{remove, put("e/2"), put("f"), put("e/3")}}); err != nil {
		return err
	}
	s.ask("a transaction", nil)
	t.del("e/", "e0")
	s.ask("a delete of several", nil)
	return nil
}

// traceRevisions leaves out the later life of an id whose watcher was canceled for a compaction: etcd keeps it taken.
func traceRevisions(t *tracer) error {
	s, err := t.open("revisions")
	if err != nil {
		return err
	}
	defer s.close()
	first := t.put("r", "1")
	t.put("other", "1")
	t.put("r", "2")
	t.del("r", "")
	last := t.put("r", "3")
	from := func(revision int64) *pb.WatchRequest {
		return with(watch("r", ""), func(r *pb.WatchCreateRequest) { r.StartRevision, r.PrevKv = revision, true })
	}
	s.ask("from the past", from(first))
	s.ask("from the middle", from(first+2))
	s.ask("from the last", from(last))
	s.ask("from the next", from(last+1))
	s.ask("from the future", from(last+3))
	t.put("r", "4")
	s.ask("one more", nil)
	t.put("r", "5")
	t.put("r", "6")
	s.ask("the future reached", nil)
	t.compact(last)
	s.ask("after a compaction", nil)
	s.ask("below it", from(first))
	s.ask("just below it", from(last-1))
	s.ask("at it", from(last))
	s.ask("below it, with an id", with(watch("r", ""), func(r *pb.WatchCreateRequest) {
		r.StartRevision, r.WatchId = 1, 77
	}))
	return nil
}

func traceProgress(t *tracer) error {
	s, err := t.open("progress")
	if err != nil {
		return err
	}
	defer s.close()
	s.ask("without watchers", progress())
	s.ask("a watcher", create(watch("p", "")))
	s.ask("with one", progress())
	revision := t.put("elsewhere", "1")
	s.ask("after a write elsewhere", progress())
	s.ask("a watcher of the future", with(watch("p", ""), func(r *pb.WatchCreateRequest) {
		r.StartRevision = revision + 2
	}))
	s.ask("while one waits for the future", progress())
	t.put("elsewhere", "2")
	t.put("elsewhere", "3")
	s.ask("once it is there", progress())
	s.ask("cancel one", cancel(0))
	s.ask("cancel the other", cancel(1))
	s.ask("with none left", progress())
	return nil
}

func traceShapes(t *tracer) error {
	s, err := t.open("shapes")
	if err != nil {
		return err
	}
	defer s.close()
	s.ask("an empty request", &pb.WatchRequest{})
	s.ask("an unknown kind of request", raw(unknownField(9)))
	s.ask("an empty creation", create(&pb.WatchCreateRequest{}))
	strange := watch("s", "")
	strange.ProtoReflect().SetUnknown(unknownField(50))
	s.ask("an unknown field", create(strange))
	if err := s.call.CloseSend(); err != nil {
		return err
	}
	s.ask("after the last word", nil)
	t.put("s", "1")
	s.ask("it still listens", nil)

	demanding, err := t.open("a client that demands a leader", "hasleader", "true")
	if err != nil {
		return err
	}
	defer demanding.close()
	demanding.ask("a watcher", create(watch("s", "")))
	return nil
}

func traceFragments(t *tracer) error {
	s, err := t.open("fragments")
	if err != nil {
		return err
	}
	defer s.close()
	t.put("g/0", strings.Repeat("g", 1<<20))
	for i := 1; i < 6; i++ {
		t.put(fmt.Sprintf("g/%d", i), strings.Repeat("g", 700_000))
	}
	all := func(fragment, prevKv bool) *pb.WatchRequest {
		return with(watch("g/", "g0"), func(r *pb.WatchCreateRequest) { r.Fragment, r.PrevKv = fragment, prevKv })
	}
	s.ask("in pieces", all(true, true))
	s.ask("whole", all(false, true))
	s.ask("small enough", all(true, false))
	t.del("g/", "g0")
	s.ask("one revision that is too large", nil)
	return nil
}

func traceRanges(t *tracer) error {
	fmt.Println("== streamed ranges")
	for i := range 300 {
		t.put(fmt.Sprintf("k%04d", i), strings.Repeat("v", i%50))
	}
	old := t.put("k0007", "new")
	t.put("k0007", "newest")
	ask := func(title string, change func(*pb.RangeRequest)) {
		request := &pb.RangeRequest{Key: []byte("k"), RangeEnd: []byte("l")}
		change(request)
		t.askRange(title, request)
	}
	ask("all", func(*pb.RangeRequest) {})
	ask("all, serializable", func(r *pb.RangeRequest) { r.Serializable = true })
	ask("ascending keys", func(r *pb.RangeRequest) { r.SortOrder = pb.RangeRequest_ASCEND })
	ask("keys only", func(r *pb.RangeRequest) { r.KeysOnly = true })
	ask("count only", func(r *pb.RangeRequest) { r.CountOnly = true })
	ask("count only with a limit", func(r *pb.RangeRequest) { r.CountOnly, r.Limit = true, 5 })
	for _, limit := range []int64{1, 10, 35, 300, 301} {
		ask(fmt.Sprintf("limit %d", limit), func(r *pb.RangeRequest) { r.Limit = limit })
	}
	ask("an old revision", func(r *pb.RangeRequest) { r.Revision = old })
	ask("a future revision", func(r *pb.RangeRequest) { r.Revision = old + 100 })
	ask("a compacted revision", func(r *pb.RangeRequest) { r.Revision = 2 })
	ask("an empty range", func(r *pb.RangeRequest) { r.RangeEnd = []byte("a") })
	ask("one key", func(r *pb.RangeRequest) { r.Key, r.RangeEnd = []byte("k0007"), nil })
	ask("one key that is not there", func(r *pb.RangeRequest) { r.Key, r.RangeEnd = []byte("none"), nil })
	ask("descending", func(r *pb.RangeRequest) { r.SortOrder = pb.RangeRequest_DESCEND })
	ask("by version", func(r *pb.RangeRequest) {
		r.SortOrder, r.SortTarget = pb.RangeRequest_ASCEND, pb.RangeRequest_VERSION
	})
	ask("an unknown order", func(r *pb.RangeRequest) { r.SortOrder = 9 })
	ask("an unknown target", func(r *pb.RangeRequest) { r.SortTarget = 9 })
	ask("no key", func(r *pb.RangeRequest) { r.Key = nil })
	ask("a filter", func(r *pb.RangeRequest) { r.MinModRevision = 1 })
	ask("another filter", func(r *pb.RangeRequest) { r.MaxCreateRevision = 1 })
	for i := range 30 {
		t.put(fmt.Sprintf("k1%03d", i), strings.Repeat("v", 200_000))
	}
	ask("large values", func(r *pb.RangeRequest) { r.Key = []byte("k1") })
	return nil
}

func (t *tracer) askRange(title string, request *pb.RangeRequest) {
	fmt.Printf("-- %s\n", title)
	call, err := t.kv.RangeStream(context.Background(), request)
	if err != nil {
		fmt.Println(err)
		return
	}
	for {
		answer, err := call.Recv()
		if err == io.EOF {
			fmt.Println("end")
			return
		}
		if err != nil {
			st := status.Convert(err)
			fmt.Printf("end %s %q\n", st.Code(), st.Message())
			return
		}
		kvs := answer.RangeResponse.Kvs
		rest := proto.Clone(answer.RangeResponse).(*pb.RangeResponse)
		rest.Kvs = nil
		if len(kvs) == 0 {
			fmt.Printf("0 keys; %s\n", show(rest))
			continue
		}
		fmt.Printf("%d keys, %s to %s; %s\n", len(kvs), show(kvs[0]), show(kvs[len(kvs)-1]), show(rest))
	}
}
