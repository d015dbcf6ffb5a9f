# The programs of the cluster, out of Go modules, into $bin; each group again only when its sources change. Sourced.

go_build() { # DIRECTORY OUTPUT FLAGS-OF-THE-LINKER PACKAGE...
    local directory=$1 output=$2 flags=$3
    shift 3
    CGO_ENABLED=0 nice go build -C "$directory" -mod=readonly -trimpath -buildvcs=false -p 2 -ldflags "-s -w $flags" -o "$output" "$@"
}

# Runs the command unless the group was built since its sources last changed.
once() { # GROUP SOURCES COMMAND...
    local stamp=$bin/$1.built sources=$2
    if [[ -e $stamp && -z $(find "$sources" -newer "$stamp" -print -quit) ]]; then return; fi
    say "building $1"
    shift 2
    "$@"
    touch "$stamp"
}

# Without these a build calls itself v0.0.0: kubectl's check of versions and the API server's compatibility go by them.
kubernetes_version_flags() {
    local version minor package
    version=$(go list -C "$parts/go/kubernetes" -m -f '{{.Version}}' k8s.io/kubernetes)
    minor=${version#v1.}
    for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
        printf -- '-X %s.gitVersion=%s -X %s.gitMajor=1 -X %s.gitMinor=%s ' \
            $package "$version" $package $package "${minor%%.*}"
        printf -- '-X %s.gitTreeState=clean -X %s.gitCommit=module -X %s.buildDate=1970-01-01T00:00:00Z ' \
            $package $package $package
    done
}

build_kubernetes() {
    local program commands=()
    for program in kube-apiserver kube-controller-manager kube-scheduler kube-proxy kubelet kubectl; do
        commands+=("k8s.io/kubernetes/cmd/$program")
    done
    go_build "$parts/go/kubernetes" "$bin/" "$(kubernetes_version_flags)" "${commands[@]}"
}

build_etcd() {
    go_build "$here/tools" "$bin/etcd" '' go.etcd.io/etcd/server/v3
    go_build "$here/tools" "$bin/etcdctl" '' go.etcd.io/etcd/etcdctl/v3
}

build_programs() {
    mkdir -p "$bin" "$images"
    once kubernetes "$parts/go/kubernetes" build_kubernetes
    once etcd "$here/tools/go.mod" build_etcd
    once helm "$parts/go/helm" go_build "$parts/go/helm" "$bin/" '' helm.sh/helm/v4/cmd/helm
    once dns "$parts/go/dns" go_build "$parts/go/dns" "$bin/dns" '' .
    once storage "$parts/go/storage" go_build "$parts/go/storage" "$bin/storage" '' github.com/rancher/local-path-provisioner
    once pause "$parts/go/pause" go_build "$parts/go/pause" "$bin/pause" '' .
    once cluster-images "$parts/archive.sh" build_cluster_images
}
