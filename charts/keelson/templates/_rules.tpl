{{/* What the operator does inside a namespace that it looks after. */}}
{{- define "keelson.rules" -}}
- apiGroups: [keelson.dev]
  resources: [keelsonclusters, keelsonmembers]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [keelson.dev]
  resources: [keelsonclusters/status, keelsonmembers/status, keelsonclusters/finalizers, keelsonmembers/finalizers]
  verbs: [get, update, patch]
- apiGroups: [""]
  resources: [pods, persistentvolumeclaims, services, configmaps]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [""]
  resources: [pods/eviction]
  verbs: [create]
- apiGroups: [""]
  resources: [secrets]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: ["", events.k8s.io]
  resources: [events]
  verbs: [create, patch]
{{- end }}

{{/* What belongs to no namespace and is only read: whether a node is lost, whether a volume can grow. */}}
{{- define "keelson.clusterwideRules" -}}
- apiGroups: [""]
  resources: [nodes]
  verbs: [get, list, watch]
- apiGroups: [storage.k8s.io]
  resources: [storageclasses]
  verbs: [get, list, watch]
{{- end }}
