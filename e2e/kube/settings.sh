# Names, places, addresses and times of the cluster, and what every part uses to say and to wait. Sourced.

state=${KEELSON_KUBERNETES:-$root/.keelson/kubernetes}
bin=$state/bin                    # programs, built once
images=$state/images              # image archives that every node loads
cluster=$state/cluster            # one cluster: keys, logs, process ids, the disks of its nodes
store=$cluster/etcd

node_count=${KEELSON_KUBERNETES_NODES:-3}
node_count_max=9

# Network namespaces, links and control groups begin with it: two clusters at once need two names and two networks.
prefix=${KEELSON_KUBERNETES_PREFIX:-keel}
prefix_length_max=8               # a link's name has at most 15 characters
network=${KEELSON_KUBERNETES_NETWORK:-10.96}

machines=$network.0               # .1 the control plane, .10+N node N, .254 this machine
pods=$network.64.0/18             # of these pods_of N on node N
services=$network.128.0/17
service_api=$network.128.1
service_dns=$network.128.10
api=https://$machines.1:6443

# How soon a node without a heartbeat counts as lost, and how long its Pods may stay then.
lost_after_seconds=16
evicted_after_seconds=10

# How many processes of this machine all nodes together count as when time is short.
weight=8

kubeconfig=$cluster/admin.conf
export KUBECONFIG=$kubeconfig
PATH=$bin:$PATH

say() { printf '%s  %s\n' "$(date +%T)" "$*"; }

fail() {
    printf 'kubernetes: %s\n' "$*" >&2
    exit 1
}

# wait_for SECONDS WHAT COMMAND...
wait_for() {
    local end=$((SECONDS + $1)) what=$2
    shift 2
    until "$@" > /dev/null 2>&1; do
        ((SECONDS < end)) || fail "waited in vain for $what; logs are in $cluster/log"
        sleep 0.2
    done
}

# The id in a file of a process that lives.
alive() {
    [[ -s $cluster/run/$1.pid ]] && kill -0 "$(< "$cluster/run/$1.pid")" 2> /dev/null
}

pods_of() { printf '%s.%d.0/24' "$network" $((64 + $1)); }

address_of() { printf '%s.%d' "$machines" $((10 + $1)); }

namespace_of() { printf '%s-%s' "$prefix" "$1"; }

in_namespace() { # NAMESPACE COMMAND...: with nsenter, for 'ip netns exec' mounts a /sys that hides the control groups
    local name=$1
    shift
    nsenter --net="/run/netns/$(namespace_of "$name")" "$@"
}

is_up() { [[ -e /run/netns/$(namespace_of control) ]] && alive apiserver; }

# Mount points of control group hierarchies: several of version 1, or the one of version 2.
control_groups() {
    awk '{ for (i = 7; i < NF; i++) if ($i == "-" && $(i + 1) ~ /^cgroup2?$/) print $5 }' /proc/self/mountinfo | sort -u
}
