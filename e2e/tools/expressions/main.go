// expressions looks whether the metrics of some members answer every question that etcd's published alert rules and
// dashboards ask: for each metric that an expression reads, one series at least must fit its matchers and have the labels
// it is grouped by. A module of its own, so that it cannot change which libraries the real etcd beside it is built with.
package main

import (
	"fmt"
	"os"
	"slices"

	"github.com/prometheus/prometheus/model/labels"
)

// ofScrape are labels that Prometheus adds to what it reads.
var ofScrape = []string{"job", "instance", "pod", "namespace", "endpoint", "cluster"}

// ofPrometheus are metrics that Prometheus makes itself for everything it reads.
var ofPrometheus = []string{"up"}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: expressions FOLDER-OF-THE-MIXIN TEXT-OF-METRICS...")
		os.Exit(2)
	}
	if err := check(os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "expressions:", err)
		os.Exit(1)
	}
}

// check prints a line for each question without an answer, and how many there were.
func check(mixin string, files []string) error {
	queries, err := render(mixin)
	if err != nil {
		return err
	}
	var series []labels.Labels
	for _, file := range files {
		read, err := readSeries(file)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		series = append(series, read...)
	}
	questions := 0
	for _, source := range sortedKeys(queries) {
		selectors, err := selectorsOf(queries[source])
		if err != nil {
			return fmt.Errorf("%s: %q: %w", source, queries[source], err)
		}
		for _, selector := range selectors {
			if slices.Contains(ofPrometheus, selector.metric) {
				continue
			}
			questions++
			if !slices.ContainsFunc(series, selector.isAnsweredBy) {
				fmt.Printf("unanswered: %s by %v, in %s\n", selector, selector.grouped, source)
			}
		}
	}
	fmt.Printf("%d expressions, %d questions, %d series\n", len(queries), questions, len(series))
	return nil
}

func sortedKeys(texts map[string]string) []string {
	keys := make([]string, 0, len(texts))
	for key := range texts {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
