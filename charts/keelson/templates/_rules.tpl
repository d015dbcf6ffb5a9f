{{/*
What the operator does inside a namespace that it looks after. It reads only those Secrets that it names itself, so it
neither lists nor watches them.
*/}}
{{- define "keelson.rules" -}}
- apiGroups: [keelson.dev]
  resources: [keelsonclusters]
  verbs: [get, list, watch]
- apiGroups: [keelson.dev]
  resources: [keelsonmembers]
  verbs: [get, list, watch, create, update, delete]
- apiGroups: [keelson.dev]
  resources: [keelsonclusters/status, keelsonmembers/status, keelsonclusters/finalizers, keelsonmembers/finalizers]
  verbs: [update]
- apiGroups: [""]
  resources: [pods, persistentvolumeclaims]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [""]
  resources: [secrets, services, configmaps]
  verbs: [get, create, patch]
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [get, create, patch]
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create]
{{- end }}
