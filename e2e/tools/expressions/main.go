// expressions prints what etcd's published alert rules and dashboards ask a Prometheus for: every metric, with what its
// labels must match and which of them are grouped by. A module of its own, so that it cannot change which libraries the
// real etcd beside it is built with.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"sort"
)

// Query is one expression and where it was found.
type Query struct {
	Source    string     `json:"source"`
	Text      string     `json:"text"`
	Selectors []Selector `json:"selectors"`
}

// Selector is one metric that a query reads.
type Selector struct {
	Metric   string    `json:"metric"`
	Matchers []Matcher `json:"matchers"`
	Labels   []string  `json:"labels"`
}

// Matcher is what a label must be, with one of the operators =, !=, =~ and !~.
type Matcher struct {
	Label    string `json:"label"`
	Operator string `json:"operator"`
	Value    string `json:"value"`
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: expressions FOLDER-OF-THE-MIXIN")
		os.Exit(2)
	}
	queries, err := read(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "expressions:", err)
		os.Exit(1)
	}
	sort.Slice(queries, func(a, b int) bool { return queries[a].Source < queries[b].Source })
	encoder := json.NewEncoder(os.Stdout)
	for _, query := range queries {
		if err := encoder.Encode(query); err != nil {
			fmt.Fprintln(os.Stderr, "expressions:", err)
			os.Exit(1)
		}
	}
}

// read finds all queries of the mixin, in both of its dashboards.
func read(folder string) ([]Query, error) {
	found, err := render(folder)
	if err != nil {
		return nil, err
	}
	queries := make([]Query, 0, len(found))
	for source, text := range found {
		selectors, err := selectorsOf(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %q: %w", source, text, err)
		}
		queries = append(queries, Query{source, text, selectors})
	}
	return queries, nil
}
