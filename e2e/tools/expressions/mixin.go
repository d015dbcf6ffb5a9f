package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/google/go-jsonnet"
)

// grafonnet stands in for the library that builds dashboards, which is no Go module: of all that the mixin makes with it,
// only the expressions matter here.
const grafonnet = `{
  query: { prometheus: {
    new(datasource, expr):: { expr: expr },
    withLegendFormat(format):: {},
  } },
}`

// targets evaluates every query of the newer dashboard with the mixin's own settings.
const targets = `
local config = (import 'config.libsonnet')._config;
local variables = { datasource: { name: 'datasource' }, cluster: { name: 'cluster' } };
(import 'dashboards/targets.libsonnet')(variables, config)
`

// older renders the dashboard of older versions of Grafana, and the alerts.
const older = `
local mixin = (import 'config.libsonnet') + (import 'alerts/alerts.libsonnet')
  + (import 'dashboards/etcd-grafana7x.libsonnet') + { _config+:: { grafana7x: true } };
{ alerts: mixin.prometheusAlerts, dashboards: mixin.grafanaDashboards }
`

type importer struct {
	files *jsonnet.FileImporter
}

func (i importer) Import(from, path string) (jsonnet.Contents, string, error) {
	if strings.HasPrefix(path, "github.com/grafana/grafonnet/") {
		return jsonnet.MakeContents(grafonnet), path, nil
	}
	return i.files.Import(from, path)
}

// render returns the texts of all queries by where they were found.
func render(folder string) (map[string]string, error) {
	vm := jsonnet.MakeVM()
	vm.Importer(importer{&jsonnet.FileImporter{JPaths: []string{folder}}})
	found := map[string]string{}
	for name, program := range map[string]string{"dashboard": targets, "mixin": older} {
		text, err := vm.EvaluateAnonymousSnippet(filepath.Join(folder, name), program)
		if err != nil {
			return nil, err
		}
		var tree any
		if err := json.Unmarshal([]byte(text), &tree); err != nil {
			return nil, err
		}
		collect(name, tree, found)
	}
	return found, nil
}

// collect takes every member called expr out of a tree, and the metrics that variables of dashboards list values of.
func collect(path string, tree any, found map[string]string) {
	switch node := tree.(type) {
	case map[string]any:
		if alert, ok := node["alert"].(string); ok {
			path += "/" + alert
		} else if title, ok := node["title"].(string); ok {
			path += "/" + title
		}
		for name, value := range node {
			text, isText := value.(string)
			switch {
			case isText && name == "expr":
				found[path+"/"+name] = text
			case isText && name == "query" && strings.HasPrefix(text, "label_values("):
				inner, _, _ := strings.Cut(strings.TrimPrefix(text, "label_values("), ", ")
				found[path+"/"+name] = inner
			default:
				collect(path+"/"+name, value, found)
			}
		}
	case []any:
		for at, value := range node {
			collect(fmt.Sprintf("%s/%d", path, at), value, found)
		}
	}
}
