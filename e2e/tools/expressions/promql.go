package main

import (
	"slices"
	"strings"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// selectorsOf parses a query with Prometheus' own parser.
func selectorsOf(text string) ([]Selector, error) {
	// Grafana puts the range in before it sends the query.
	text = strings.NewReplacer("$__rate_interval", "5m", "$__range", "1h", "$__interval", "1m").Replace(text)
	expression, err := parser.NewParser(parser.Options{}).ParseExpr(text)
	if err != nil {
		return nil, err
	}
	return walk(expression, nil), nil
}

// walk collects the selectors of an expression; grouped are the labels that some operator around it keeps apart.
func walk(node parser.Node, grouped []string) []Selector {
	switch n := node.(type) {
	case *parser.VectorSelector:
		return []Selector{selector(n, grouped)}
	case *parser.AggregateExpr:
		if !n.Without {
			grouped = append(slices.Clone(grouped), n.Grouping...)
		}
	case *parser.BinaryExpr:
		if n.VectorMatching != nil && n.VectorMatching.On {
			grouped = append(slices.Clone(grouped), n.VectorMatching.MatchingLabels...)
		}
	}
	var found []Selector
	for child := range parser.ChildrenIter(node) {
		found = append(found, walk(child, grouped)...)
	}
	return found
}

func selector(n *parser.VectorSelector, grouped []string) Selector {
	result := Selector{Metric: n.Name, Matchers: []Matcher{}, Labels: slices.Compact(slices.Sorted(slices.Values(grouped)))}
	if result.Labels == nil {
		result.Labels = []string{}
	}
	for _, m := range n.LabelMatchers {
		if m.Name == labels.MetricName {
			result.Metric = m.Value
		} else {
			result.Matchers = append(result.Matchers, Matcher{m.Name, m.Type.String(), m.Value})
		}
	}
	return result
}
