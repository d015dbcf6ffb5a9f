# What the machine must have. Sourced.

# program or file, Debian package
needs_to_run='containerd containerd
runc runc
/usr/lib/cni/bridge containernetworking-plugins
iptables iptables
conntrack conntrack
ip iproute2
nsenter util-linux
openssl openssl
pgrep procps'
needs_to_build='busybox busybox-static'
needs_for_images='buildah buildah
mmdebstrap mmdebstrap'

# The packages of what is missing of a list.
missing_of() {
    local program package
    while read -r program package; do
        case $program in
            /*) [[ -x $program ]] || echo "$package" ;;
            *) command -v "$program" > /dev/null || echo "$package" ;;
        esac
    done <<< "$1"
}

# In CI what is missing is installed where that can be done; on a machine of someone's it is named.
demand() {
    local packages
    packages=$(missing_of "$1" | sort -u | tr '\n' ' ')
    [[ -z $packages ]] && return
    if [[ -n ${CI:-} ]] && ((EUID == 0)) && command -v apt-get > /dev/null; then
        say "installing $packages"
        # shellcheck disable=SC2086 # $packages are words of their own
        apt-get -qq update && DEBIAN_FRONTEND=noninteractive \
            apt-get -qq install -y --no-install-recommends $packages > /dev/null
        return
    fi
    fail "this machine lacks Debian packages; get them with: apt-get install -y --no-install-recommends $packages"
}

demand_root() {
    ((EUID == 0)) || fail "nodes are made of namespaces, mounts and control groups: run this as root"
}

demand_to_run() {
    [[ $(uname -s) == Linux ]] || fail "nodes are made of Linux namespaces: run this on Linux"
    demand_root
    demand "$needs_to_run"
}

demand_to_build() {
    command -v go > /dev/null || fail "no Go on PATH, which brings Kubernetes; install Go 1.26"
    demand "$needs_to_build"
}
