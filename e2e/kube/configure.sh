# Configuration files of a node's daemons. Sourced.

pod_network() { # N
    cat << JSON
{"cniVersion": "0.4.0", "name": "pods", "plugins": [
  {"type": "bridge", "bridge": "pods0", "isGateway": true, "ipMasq": false, "hairpinMode": true,
   "ipam": {"type": "host-local", "ranges": [[{"subnet": "$(pods_of "$1")"}]], "routes": [{"dst": "0.0.0.0/0"}]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}]}
JSON
}

containerd_configuration() { # N
    local disk
    disk=$(disk_of "$1")
    # Processes that may not raise themselves above others in the eyes of the out-of-memory killer, as in a container of
    # CI, could not start a container at all without restrict_oom_score_adj.
    cat << TOML
version = 2
root = "$disk/containerd"
state = "/run/containerd"
[grpc]
  address = "/run/containerd/containerd.sock"
[plugins."io.containerd.internal.v1.opt"]
  path = "$disk/containerd/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pause:1"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$disk/cni"
TOML
}

kubelet_configuration() { # N
    cat << YAML
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication:
  anonymous: {enabled: false}
  webhook: {enabled: true}
  x509: {clientCAFile: "$cluster/keys/ca.crt"}
authorization: {mode: Webhook}
tlsCertFile: $cluster/keys/node$1.crt
tlsPrivateKeyFile: $cluster/keys/node$1.key
clusterDNS: [$service_dns]
clusterDomain: cluster.local
resolvConf: ""
containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
cgroupDriver: cgroupfs
cgroupRoot: /$prefix/node$1
failCgroupV1: false
failSwapOn: false
oomScoreAdj: 0
nodeStatusUpdateFrequency: 4s
nodeLeaseDurationSeconds: $((lost_after_seconds / 2))
syncFrequency: 10s
# All nodes share one disk: none is to clean up or evict because it fills.
imageGCHighThresholdPercent: 100
evictionHard: {memory.available: 100Mi, nodefs.available: "1%", nodefs.inodesFree: "1%", imagefs.available: "1%"}
YAML
}

configure_node() { # N
    local disk
    disk=$(disk_of "$1")
    mkdir -p "$disk/cni" "$disk/containerd"
    pod_network "$1" > "$disk/cni/10-pods.conflist"
    containerd_configuration "$1" > "$disk/containerd.toml"
    kubelet_configuration "$1" > "$disk/kubelet.yaml"
    proxy_configuration "node$1" "$(address_of "$1")" > "$disk/proxy.yaml"
}
