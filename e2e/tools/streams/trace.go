package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	pb "go.etcd.io/etcd/api/v3/etcdserverpb"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

const longTextBytes = 60

// tracer asks one question after the other and prints the answers. An answer counts as complete when nothing more has
// come for the time of silence.
type tracer struct {
	conn    *grpc.ClientConn
	kv      pb.KVClient
	silence time.Duration
}

func trace(words []string) error {
	flags := flag.NewFlagSet("trace", flag.ExitOnError)
	endpoint := flags.String("endpoint", "127.0.0.1:2379", "client address of a member")
	silence := flags.Duration("silence", 400*time.Millisecond, "time without an answer that ends a question")
	if err := flags.Parse(words); err != nil {
		return err
	}
	conn, err := grpc.NewClient(*endpoint, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(1<<30)))
	if err != nil {
		return err
	}
	defer conn.Close()
	t := &tracer{conn: conn, kv: pb.NewKVClient(conn), silence: *silence}
	for _, part := range []func(*tracer) error{
		traceIds, traceRefusals, traceEvents, traceRevisions, traceProgress, traceShapes, traceFragments, traceRanges,
	} {
		if err := part(t); err != nil {
			return err
		}
	}
	return nil
}

// stream is one open call; its answers gather in a channel.
type stream struct {
	t       *tracer
	call    grpc.ClientStream
	answers chan answer
	cancel  context.CancelFunc
}

// answer is what one watcher was told. Those of one watcher come in an order that is binding, those of several do not.
type answer struct {
	watcher int64
	text    string
}

func (t *tracer) open(title string, md ...string) (*stream, error) {
	fmt.Printf("== %s\n", title)
	ctx, cancel := context.WithCancel(metadata.AppendToOutgoingContext(context.Background(), md...))
	call, err := t.conn.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true, ClientStreams: true},
		"/etcdserverpb.Watch/Watch")
	if err != nil {
		cancel()
		return nil, err
	}
	s := &stream{t, call, make(chan answer, 1<<16), cancel}
	go s.listen()
	return s, nil
}

func (s *stream) listen() {
	for {
		var heard pb.WatchResponse
		if err := s.call.RecvMsg(&heard); err != nil {
			st := status.Convert(err)
			// What is wrong with a request is told in words of the library.
			text := fmt.Sprintf("end %s %q", st.Code(), st.Message())
			s.answers <- answer{math.MaxInt64, strings.Split(text, "unmarshal")[0]}
			close(s.answers)
			return
		}
		s.answers <- answer{heard.WatchId, fmt.Sprintf("%d bytes: %s", comparableSize(&heard), show(&heard))}
	}
}

// comparableSize leaves out what may differ between runs.
func comparableSize(answer *pb.WatchResponse) int {
	same := proto.Clone(answer).(*pb.WatchResponse)
	if same.Header != nil {
		same.Header.RaftTerm = 1
	}
	return proto.Size(same)
}

func (s *stream) ask(title string, request proto.Message) {
	fmt.Printf("-- %s\n", title)
	if request != nil {
		if err := s.call.SendMsg(request); err != nil {
			fmt.Printf("not sent: %v\n", err)
		}
	}
	s.hear()
}

func (s *stream) hear() {
	var heard []answer
	for silent := false; !silent; {
		select {
		case each, open := <-s.answers:
			if open {
				heard = append(heard, each)
			}
			silent = !open
		case <-time.After(s.t.silence):
			silent = true
		}
	}
	slices.SortStableFunc(heard, func(a, b answer) int { return cmp.Compare(a.watcher, b.watcher) })
	for _, each := range heard {
		fmt.Println(each.text)
	}
}

func (s *stream) close() { s.cancel() }

func create(r *pb.WatchCreateRequest) *pb.WatchRequest {
	return &pb.WatchRequest{RequestUnion: &pb.WatchRequest_CreateRequest{CreateRequest: r}}
}

func cancel(id int64) *pb.WatchRequest {
	return &pb.WatchRequest{
		RequestUnion: &pb.WatchRequest_CancelRequest{CancelRequest: &pb.WatchCancelRequest{WatchId: id}},
	}
}

func progress() *pb.WatchRequest {
	return &pb.WatchRequest{
		RequestUnion: &pb.WatchRequest_ProgressRequest{ProgressRequest: &pb.WatchProgressRequest{}},
	}
}

// raw is a request that no generated type can express.
func raw(bytes []byte) *pb.WatchRequest {
	request := &pb.WatchRequest{}
	request.ProtoReflect().SetUnknown(bytes)
	return request
}

func unknownField(number protowire.Number) []byte {
	return protowire.AppendVarint(protowire.AppendTag(nil, number, protowire.VarintType), 1)
}

func (t *tracer) put(key, value string) int64 {
	answer, err := t.kv.Put(context.Background(), &pb.PutRequest{Key: []byte(key), Value: []byte(value)})
	if err != nil {
		fail(err.Error())
	}
	return answer.Header.Revision
}

func (t *tracer) del(key, end string) {
	request := &pb.DeleteRangeRequest{Key: []byte(key), RangeEnd: []byte(end)}
	if _, err := t.kv.DeleteRange(context.Background(), request); err != nil {
		fail(err.Error())
	}
}

func (t *tracer) compact(revision int64) {
	request := &pb.CompactionRequest{Revision: revision, Physical: true}
	if _, err := t.kv.Compact(context.Background(), request); err != nil {
		fail(err.Error())
	}
}

var spaces = regexp.MustCompile(`\s+`)

// show prints fields in the order of their numbers, zeros too where a message has a presence of its own.
func show(message proto.Message) string {
	var text strings.Builder
	write(&text, message.ProtoReflect())
	return strings.TrimSpace(spaces.ReplaceAllString(text.String(), " "))
}

func write(text *strings.Builder, message protoreflect.Message) {
	fields := message.Descriptor().Fields()
	for i := 0; i < fields.Len(); i++ {
		field := fields.Get(i)
		if !message.Has(field) {
			continue
		}
		value := message.Get(field)
		switch {
		case field.IsList():
			for each := 0; each < value.List().Len(); each++ {
				fmt.Fprintf(text, "%s{", field.Name())
				write(text, value.List().Get(each).Message())
				text.WriteString("} ")
			}
		case field.Message() != nil:
			fmt.Fprintf(text, "%s{", field.Name())
			write(text, value.Message())
			text.WriteString("} ")
		case field.Name() == "raft_term":
			text.WriteString("raft_term:# ")
		case field.Kind() == protoreflect.BytesKind && len(value.Bytes()) > longTextBytes:
			fmt.Fprintf(text, "%s:<%d bytes> ", field.Name(), len(value.Bytes()))
		case field.Kind() == protoreflect.BytesKind:
			fmt.Fprintf(text, "%s:%q ", field.Name(), value.Bytes())
		case field.Kind() == protoreflect.EnumKind:
			fmt.Fprintf(text, "%s:%d ", field.Name(), value.Enum())
		default:
			fmt.Fprintf(text, "%s:%v ", field.Name(), value.Interface())
		}
	}
	if unknown := message.GetUnknown(); len(unknown) > 0 {
		fmt.Fprintf(text, "unknown:%x ", unknown)
	}
}
