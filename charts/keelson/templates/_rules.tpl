{{/* What the operator does inside a namespace that it looks after: the file that stands beside its code says it. */}}
{{- define "keelson.rules" -}}
{{- $roles := .Files.Get "rights.yaml" | splitList "\n---\n" }}
{{- (index $roles 0 | fromYaml).rules | toYaml }}
{{- end }}
