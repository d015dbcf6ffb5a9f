# Nodes. A node is a network, process, mount and name space of its own with containerd, kubelet and kube-proxy in it, so
# that killing its first process is a power failure: all of it is gone at once, its mounts too, and its disk stays. Sourced.

disk_of() { printf '%s/node%d' "$cluster" "$1"; }

first_process_of() { cat "$cluster/run/node$1.first" 2> /dev/null; }

node_is_up() {
    local first
    first=$(first_process_of "$1") && [[ -n $first ]] && kill -0 "$first" 2> /dev/null
}

# node_exec N COMMAND...
node_exec() {
    local n=$1
    shift
    nsenter --target "$(first_process_of "$n")" --mount --net --pid --uts -- "$@"
}

# node_daemon N NAME COMMAND...: nsenter stays outside as the parent of the daemon
node_daemon() {
    local n=$1 name=$2
    shift 2
    alive "node$n-$name" && return
    setsid nsenter --target "$(first_process_of "$n")" --mount --net --pid --uts -- "$@" \
        >> "$cluster/log/node$n-$name.log" 2>&1 < /dev/null &
    echo $! > "$cluster/run/node$n-$name.pid"
}

plug_cable() { # N
    local n=$1 other name control
    name=$(namespace_of "node$n") control=$(namespace_of control)
    # Links of a namespace that is gone go some time after it.
    ip -n "$control" link del "node$n" 2> /dev/null || true
    if [[ -e /run/netns/$name ]]; then ip netns del "$name"; fi
    ip netns add "$name"
    ip -n "$name" link set lo up
    ip link add eth0 netns "$name" type veth peer name "node$n" netns "$control"
    ip -n "$control" link set "node$n" master switch up
    ip -n "$name" addr add "$(address_of "$n")/24" dev eth0
    ip -n "$name" link set eth0 up
    ip -n "$name" route add default via "$machines.254"
    for ((other = 1; other <= node_count; other++)); do
        ((other == n)) || ip -n "$name" route add "$(pods_of $other)" via "$(address_of $other)"
    done
    ip -n "$control" route replace "$(pods_of "$n")" via "$(address_of "$n")"
    # Straight to the node: on a way through the control plane only one direction would pass, and kube-proxy drops those.
    ip route replace "$(pods_of "$n")" via "$(address_of "$n")"
}

# A kubelet kills what it does not know under its root, so each has its own. All nodes together are one group beside this
# machine's other processes, and would get no more time than one of those without a weight.
make_control_groups() { # N
    local mount group
    for mount in $(control_groups); do
        mkdir -p "$mount/$prefix/node$1"
        if [[ -e $mount/$prefix/cpu.shares ]]; then echo $((weight * 1024)) > "$mount/$prefix/cpu.shares"; fi
        if [[ -e $mount/$prefix/cpu.weight ]]; then echo $((weight * 100)) > "$mount/$prefix/cpu.weight"; fi
        for group in "$mount/$prefix" "$mount/$prefix/node$1"; do
            if [[ -e $group/cpuset.cpus && -z $(< "$group/cpuset.cpus") ]]; then
                cat "$group/../cpuset.cpus" > "$group/cpuset.cpus"
                cat "$group/../cpuset.mems" > "$group/cpuset.mems"
            fi
        done
    done
}

# What the first process of a node does: its own name and folders, then waiting for orphans.
boot_script() { # N
    local disk
    disk=$(disk_of "$1")
    cat << SHELL
set -e
hostname node$1
mount --make-rshared /
for folder in var/lib/kubelet var/lib/cni var/log/pods var/log/containers run/containerd run/netns opt/local-path; do
    mkdir -p "/\$folder" "$disk/\$folder"
    mount --bind "$disk/\$folder" "/\$folder"
done
mount -t tmpfs tmpfs /run/containerd
mount -t tmpfs tmpfs /run/netns
mount --make-shared /run/netns
sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.eth0.rp_filter=0
sysctl -qw net.bridge.bridge-nf-call-iptables=1
touch "$disk/booted"
while :; do
    sleep 3600 &
    wait \$!
done
SHELL
}

boot() { # N
    local n=$1 disk
    disk=$(disk_of "$n")
    mkdir -p "$disk"
    rm -f "$disk/booted" "$cluster/run/node$n-"*.pid
    plug_cable "$n"
    make_control_groups "$n"
    boot_script "$n" > "$disk/boot.sh"
    setsid nsenter --net="/run/netns/$(namespace_of "node$n")" \
        unshare --mount --propagation private --pid --fork --kill-child --mount-proc --uts bash "$disk/boot.sh" \
        >> "$cluster/log/node$n.log" 2>&1 < /dev/null &
    echo $! > "$cluster/run/node$n.pid"
    wait_for 20 "node $n to boot" test -e "$disk/booted"
    pgrep -P "$(< "$cluster/run/node$n.pid")" > "$cluster/run/node$n.first"
}

# Archives that this disk has not loaded in their present form.
load_images() { # N
    local archive stamp
    for archive in "$images"/*.tar; do
        stamp=$(disk_of "$1")/loaded-$(basename "$archive")
        [[ $stamp -nt $archive ]] && continue
        node_exec "$1" ctr -n k8s.io images import "$archive" > /dev/null
        touch "$stamp"
    done
}

node_start() { # N
    local n=$1 disk
    disk=$(disk_of "$n")
    if ! node_is_up "$n"; then
        boot "$n"
        configure_node "$n"
    fi
    node_daemon "$n" containerd containerd --config "$disk/containerd.toml"
    wait_for 30 "containerd of node $n" node_exec "$n" ctr version
    load_images "$n"
    node_daemon "$n" kubelet kubelet --config="$disk/kubelet.yaml" --kubeconfig="$cluster/node$n.conf" \
        --hostname-override="node$n" --node-ip="$(address_of "$n")" --node-labels="topology.kubernetes.io/zone=zone$n"
    node_daemon "$n" proxy kube-proxy --config="$disk/proxy.yaml"
}

node_kill() { # N: power off
    local first
    node_is_up "$1" || fail "node $1 is off already"
    first=$(first_process_of "$1")
    kill -9 "$first"
    while kill -0 "$first" 2> /dev/null; do sleep 0.05; done
    rm -f "$cluster/run/node$1".* "$cluster/run/node$1-"*
}

node_kill_kubelet() { # N: only that process; 'start' brings it back
    local daemon=$cluster/run/node$1-kubelet.pid
    alive "node$1-kubelet" || fail "no kubelet runs on node $1"
    pkill -9 -P "$(< "$daemon")"
    while alive "node$1-kubelet"; do sleep 0.05; done
    rm -f "$daemon"
}

node_cut() { ip -n "$(namespace_of control)" link set "node$1" down; }

node_join() { ip -n "$(namespace_of control)" link set "node$1" up; }

node_wipe() { # N: its disk too
    if node_is_up "$1"; then fail "node $1 is on; kill it first"; fi
    rm -rf "$(disk_of "$1")"
}

remove_control_groups() {
    local mount
    for mount in $(control_groups); do
        if [[ -d $mount/$prefix ]]; then
            find "$mount/$prefix" -depth -type d -exec rmdir {} + 2> /dev/null || true
        fi
    done
}
