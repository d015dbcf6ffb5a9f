{{/* One operator a namespace, so the names are fixed: the lease, the samples and the documentation rely on them. */}}
{{- define "keelson.name" -}}keelson-operator{{- end }}

{{- define "keelson.selector" -}}
app.kubernetes.io/name: keelson-operator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "keelson.labels" -}}
{{ include "keelson.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: keelson
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "keelson.account" -}}
{{ .Values.serviceAccount.name | default (include "keelson.name" .) }}
{{- end }}

{{/* Names of what is the cluster's, not a namespace's, tell the namespace. */}}
{{- define "keelson.clusterwide" -}}
{{ include "keelson.name" . }}-{{ .Release.Namespace }}
{{- end }}
