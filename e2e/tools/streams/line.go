package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"net"
	"sync"
	"sync/atomic"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
	"google.golang.org/protobuf/encoding/protowire"
)

const (
	prefixBytes  = 5
	windowBytes  = 1 << 30
	refillBytes  = 1 << 28
	onlyStream   = 1
	readerBytes  = 1 << 18
	frameBytes   = 1 << 14
	createdField = 3
	eventsField  = 11
)

// counters are shared by all lines.
type counters struct {
	created, events, answers atomic.Int64
	mu                       sync.Mutex
	changed                  *sync.Cond
}

func (c *counters) await(count *atomic.Int64, wanted int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.changed == nil {
		c.changed = sync.NewCond(&c.mu)
	}
	for count.Load() < wanted {
		c.changed.Wait()
	}
}

func (c *counters) add(created, events, answers int64) {
	c.created.Add(created)
	c.events.Add(events)
	c.answers.Add(answers)
	c.mu.Lock()
	if c.changed != nil {
		c.changed.Broadcast()
	}
	c.mu.Unlock()
}

// line is one connection with one watch stream, at the level of HTTP/2: it counts answers without making objects of them,
// so that the cores measure the server and not this program.
type line struct {
	conn   net.Conn
	out    *bufio.Writer
	framer *http2.Framer
	mu     sync.Mutex
	heard  *counters
	rest   []byte
	unfill uint32
}

func dial(endpoint string, heard *counters) (*line, error) {
	conn, err := net.Dial("tcp", endpoint)
	if err != nil {
		return nil, err
	}
	l := &line{conn: conn, out: bufio.NewWriterSize(conn, readerBytes), heard: heard}
	l.framer = http2.NewFramer(l.out, bufio.NewReaderSize(conn, readerBytes))
	l.framer.SetMaxReadFrameSize(1<<24 - 1)
	l.framer.SetReuseFrames()
	if _, err := l.out.WriteString(http2.ClientPreface); err != nil {
		return nil, err
	}
	if err := l.framer.WriteSettings(
		http2.Setting{ID: http2.SettingInitialWindowSize, Val: windowBytes},
		http2.Setting{ID: http2.SettingMaxFrameSize, Val: frameBytes},
	); err != nil {
		return nil, err
	}
	if err := l.framer.WriteWindowUpdate(0, windowBytes); err != nil {
		return nil, err
	}
	var block bytes.Buffer
	encoder := hpack.NewEncoder(&block)
	for _, field := range [][2]string{
		{":method", "POST"}, {":scheme", "http"}, {":path", "/etcdserverpb.Watch/Watch"}, {":authority", endpoint},
		{"content-type", "application/grpc"}, {"te", "trailers"},
	} {
		if err := encoder.WriteField(hpack.HeaderField{Name: field[0], Value: field[1]}); err != nil {
			return nil, err
		}
	}
	return l, l.framer.WriteHeaders(http2.HeadersFrameParam{
		StreamID: onlyStream, BlockFragment: block.Bytes(), EndHeaders: true,
	})
}

func (l *line) send(message []byte) error {
	framed := make([]byte, prefixBytes, prefixBytes+len(message))
	binary.BigEndian.PutUint32(framed[1:], uint32(len(message)))
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.framer.WriteData(onlyStream, false, append(framed, message...))
}

func (l *line) flush() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.out.Flush()
}

// listen counts until the connection ends.
func (l *line) listen() {
	for {
		frame, err := l.framer.ReadFrame()
		if err != nil {
			return
		}
		switch f := frame.(type) {
		case *http2.DataFrame:
			l.count(f.Data())
			l.refill(uint32(len(f.Data())))
		case *http2.SettingsFrame:
			if !f.IsAck() {
				l.reply(l.framer.WriteSettingsAck)
			}
		case *http2.PingFrame:
			if !f.IsAck() {
				data := f.Data
				l.reply(func() error { return l.framer.WritePing(true, data) })
			}
		case *http2.RSTStreamFrame, *http2.GoAwayFrame:
			return
		}
	}
}

func (l *line) reply(write func() error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if write() == nil {
		_ = l.out.Flush()
	}
}

func (l *line) refill(taken uint32) {
	l.unfill += taken
	if l.unfill < refillBytes {
		return
	}
	size := l.unfill
	l.unfill = 0
	l.reply(func() error {
		if err := l.framer.WriteWindowUpdate(0, size); err != nil {
			return err
		}
		return l.framer.WriteWindowUpdate(onlyStream, size)
	})
}

func (l *line) count(data []byte) {
	if len(l.rest) > 0 {
		l.rest = append(l.rest, data...)
		data = l.rest
	}
	var created, events, answers int64
	for len(data) >= prefixBytes {
		end := prefixBytes + int(binary.BigEndian.Uint32(data[1:]))
		if len(data) < end {
			break
		}
		c, e := fields(data[prefixBytes:end])
		created, events, answers = created+c, events+e, answers+1
		data = data[end:]
	}
	l.rest = append(l.rest[:0], data...)
	l.heard.add(created, events, answers)
}

// fields tells whether an answer creates a watcher, and counts its events.
func fields(message []byte) (created, events int64) {
	for len(message) > 0 {
		number, kind, n := protowire.ConsumeTag(message)
		if n < 0 {
			fail("an answer that is no message")
		}
		message = message[n:]
		switch number {
		case createdField:
			created++
		case eventsField:
			events++
		}
		n = protowire.ConsumeFieldValue(number, kind, message)
		if n < 0 {
			fail("an answer that ends within a field")
		}
		message = message[n:]
	}
	return created, events
}
