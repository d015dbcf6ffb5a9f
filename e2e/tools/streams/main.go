// Command streams speaks the streaming calls of etcd's protocol without the official client, which hides much of them.
//
//	streams trace --endpoint a                     asks a fixed list of questions and prints every answer, made comparable
//	streams fan   --endpoint a --watchers N ...    has many watchers hear of many writes and prints how fast they did
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) < 2 {
		fail("usage: streams trace|fan --endpoint HOST:PORT")
	}
	var err error
	switch os.Args[1] {
	case "trace":
		err = trace(os.Args[2:])
	case "fan":
		err = fan(os.Args[2:])
	default:
		fail("unknown command " + os.Args[1])
	}
	if err != nil {
		fail(err.Error())
	}
}

func fail(reason string) {
	fmt.Fprintln(os.Stderr, "streams: "+reason)
	os.Exit(1)
}
