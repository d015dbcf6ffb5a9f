# The network of the machines and the control plane: etcd, API server, controllers, scheduler. Sourced.

# A switch in a namespace of the control plane's, with a cable to this machine and one to each node.
make_network() {
    [[ -e /run/netns/$(namespace_of control) ]] && return
    local control key
    control=$(namespace_of control)
    ip netns add "$control"
    ip -n "$control" link set lo up
    # A fixed address: the switch's own would change as ports go, and neighbours would not find the API for a while.
    ip -n "$control" link add switch address 02:00:00:00:00:01 type bridge
    ip -n "$control" addr add "$machines.1/24" dev switch
    ip -n "$control" link set switch up
    ip link add "$prefix-host" type veth peer name host netns "$control"
    ip -n "$control" link set host master switch up
    ip addr add "$machines.254/24" dev "$prefix-host"
    ip link set "$prefix-host" up
    ip route add "$services" via "$machines.1"
    for key in net.ipv4.ip_forward=1 net.ipv4.conf.{all,switch}.send_redirects=0 net.ipv4.conf.{all,switch}.rp_filter=0; do
        in_namespace control sysctl -qw $key
    done
    # What passes the switch is not to be filtered or translated on its way; older kernels have no such setting here.
    in_namespace control sysctl -qw net.bridge.bridge-nf-call-iptables=0 2> /dev/null || true
}

# control_daemon NAME COMMAND...: starts it beside the control plane unless it runs
control_daemon() {
    local name=$1
    shift
    alive "$name" && return
    setsid nsenter --net="/run/netns/$(namespace_of control)" "$@" >> "$cluster/log/$name.log" 2>&1 < /dev/null &
    echo $! > "$cluster/run/$name.pid"
}

start_store() {
    local url=http://127.0.0.1:2379 peer=http://127.0.0.1:2380
    control_daemon etcd etcd --data-dir "$store" --listen-client-urls $url --advertise-client-urls $url \
        --listen-peer-urls $peer --initial-advertise-peer-urls $peer --initial-cluster default=$peer --log-level warn
}

start_api_server() {
    local keys=$cluster/keys
    control_daemon apiserver kube-apiserver --etcd-servers=http://127.0.0.1:2379 \
        --bind-address=0.0.0.0 --advertise-address="$machines.1" --secure-port=6443 --service-cluster-ip-range=$services \
        --client-ca-file="$keys/ca.crt" --tls-cert-file="$keys/apiserver.crt" --tls-private-key-file="$keys/apiserver.key" \
        --service-account-key-file="$keys/accounts.pub" --service-account-signing-key-file="$keys/accounts.key" \
        --service-account-issuer=https://kubernetes.default.svc \
        --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction --allow-privileged=true \
        --kubelet-client-certificate="$keys/kubelet-client.crt" --kubelet-client-key="$keys/kubelet-client.key" \
        --kubelet-certificate-authority="$keys/ca.crt" --kubelet-preferred-address-types=InternalIP \
        --enable-aggregator-routing=true --requestheader-client-ca-file="$keys/ca.crt" \
        --requestheader-allowed-names=front-proxy --requestheader-username-headers=X-Remote-User \
        --requestheader-group-headers=X-Remote-Group --requestheader-extra-headers-prefix=X-Remote-Extra- \
        --proxy-client-cert-file="$keys/front-proxy.crt" --proxy-client-key-file="$keys/front-proxy.key" \
        --default-not-ready-toleration-seconds=$evicted_after_seconds \
        --default-unreachable-toleration-seconds=$evicted_after_seconds
}

start_controllers() {
    local keys=$cluster/keys
    control_daemon controller-manager kube-controller-manager --kubeconfig="$cluster/controller-manager.conf" \
        --authentication-kubeconfig="$cluster/controller-manager.conf" \
        --authorization-kubeconfig="$cluster/controller-manager.conf" \
        --root-ca-file="$keys/ca.crt" --service-account-private-key-file="$keys/accounts.key" \
        --use-service-account-credentials --cluster-signing-cert-file="$keys/ca.crt" --cluster-signing-key-file="$keys/ca.key" \
        --leader-elect=false --bind-address=127.0.0.1 \
        --node-monitor-period=2s --node-monitor-grace-period=${lost_after_seconds}s
    control_daemon scheduler kube-scheduler --kubeconfig="$cluster/scheduler.conf" --leader-elect=false \
        --bind-address=127.0.0.1
}

proxy_configuration() { # NODE-NAME ADDRESS
    cat << YAML
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
clientConnection: {kubeconfig: "$cluster/proxy.conf"}
mode: iptables
clusterCIDR: $pods
hostnameOverride: $1
bindAddress: $2
conntrack: {maxPerCore: 0, min: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}
oomScoreAdj: 0
YAML
}

# Lets programs of this machine reach the addresses of services.
start_proxy_for_host() {
    # A proxy ends when its file is written again.
    [[ -e $cluster/proxy.yaml ]] || proxy_configuration control "$machines.1" > "$cluster/proxy.yaml"
    control_daemon proxy kube-proxy --config="$cluster/proxy.yaml"
}

start_control_plane() {
    mkdir -p "$cluster"/{log,run} "$store"
    chmod 700 "$store"
    make_keys
    make_network
    start_store
    start_api_server
    wait_for 90 "the API server" kubectl get --raw /readyz
    say "API server ready: $api"
    start_controllers
    start_proxy_for_host
    wait_for 60 "the controllers" kubectl get serviceaccount default
}

stop_daemon() { # NAME
    if alive "$1"; then
        kill "$(< "$cluster/run/$1.pid")"
        for ((i = 0; i < 100; i++)); do
            alive "$1" || break
            sleep 0.1
        done
        if alive "$1"; then kill -9 "$(< "$cluster/run/$1.pid")"; fi
    fi
    rm -f "$cluster/run/$1.pid"
}

stop_control_plane() {
    local name
    for name in proxy scheduler controller-manager apiserver etcd; do stop_daemon $name; done
    ip netns list | awk '{print $1}' | { grep -E "^$prefix-(control|node[0-9]+)$" || true; } |
        while read -r name; do ip netns del "$name"; done
    ip link del "$prefix-host" 2> /dev/null || true
}
