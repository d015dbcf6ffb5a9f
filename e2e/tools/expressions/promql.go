package main

import (
	"io"
	"os"
	"slices"
	"strings"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/textparse"
	"github.com/prometheus/prometheus/promql/parser"
)

// selector is one metric that an expression reads, and the labels that some operator around it keeps apart.
type selector struct {
	metric   string
	matchers []*labels.Matcher
	grouped  []string
}

func (s selector) String() string {
	texts := make([]string, 0, len(s.matchers))
	for _, matcher := range s.matchers {
		texts = append(texts, matcher.String())
	}
	return s.metric + "{" + strings.Join(texts, ",") + "}"
}

func (s selector) isAnsweredBy(series labels.Labels) bool {
	if series.Get(labels.MetricName) != s.metric {
		return false
	}
	for _, matcher := range s.matchers {
		if !slices.Contains(ofScrape, matcher.Name) && !matcher.Matches(series.Get(matcher.Name)) {
			return false
		}
	}
	for _, label := range s.grouped {
		if !slices.Contains(ofScrape, label) && !series.Has(label) {
			return false
		}
	}
	return true
}

// selectorsOf parses an expression with Prometheus' own parser.
func selectorsOf(text string) ([]selector, error) {
	// Grafana puts the range in before it sends the expression.
	text = strings.NewReplacer("$__rate_interval", "5m", "$__range", "1h", "$__interval", "1m").Replace(text)
	expression, err := parser.NewParser(parser.Options{}).ParseExpr(text)
	if err != nil {
		return nil, err
	}
	return walk(expression, nil), nil
}

func walk(node parser.Node, grouped []string) []selector {
	switch n := node.(type) {
	case *parser.VectorSelector:
		return []selector{{n.Name, n.LabelMatchers, grouped}}
	case *parser.AggregateExpr:
		if !n.Without {
			grouped = append(slices.Clone(grouped), n.Grouping...)
		}
	case *parser.BinaryExpr:
		if n.VectorMatching != nil && n.VectorMatching.On {
			grouped = append(slices.Clone(grouped), n.VectorMatching.MatchingLabels...)
		}
	}
	var found []selector
	for child := range parser.ChildrenIter(node) {
		found = append(found, walk(child, grouped)...)
	}
	return found
}

// readSeries reads what a member shows, with Prometheus' own reader of that format.
func readSeries(file string) ([]labels.Labels, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	reader := textparse.NewPromParser(text, labels.NewSymbolTable(), false)
	var series []labels.Labels
	for {
		entry, err := reader.Next()
		if err == io.EOF {
			return series, nil
		}
		if err != nil {
			return nil, err
		}
		if entry == textparse.EntrySeries {
			var of labels.Labels
			reader.Labels(&of)
			series = append(series, of)
		}
	}
}
