# The images of the member and of the operator, from the very Dockerfiles that users build, without an engine and without
# a registry: their bases are made of Debian's packages and of this machine's JDK. Sourced.

builder=$state/builder
operator_chart=$root/charts/keelson
version=$(awk '$1 == "appVersion:" { gsub(/"/, "", $2); print $2 }' "$operator_chart/Chart.yaml")

build_with() {
    buildah --storage-driver vfs --root "$builder/storage" --runroot "$builder/run" "$@"
}

# from_folder IMAGE FOLDER-OR-ARCHIVE PLACE [BASE]
from_folder() {
    local container
    container=$(build_with from --pull-never "${4:-scratch}")
    build_with add --quiet "$container" "$2" "$3" > /dev/null
    build_with config --env "PATH=/opt/java/bin:/usr/bin:/bin" "$container"
    build_with commit --quiet --rm "$container" "$1" > /dev/null
}

# A JDK 25 where node/bin/keelson would find it.
find_jdk() {
    local home
    for home in "${JAVA_HOME:-}" "$(dirname "$(dirname "$(readlink -f "$(command -v javac || true)")")")" /usr/lib/jvm/*25*; do
        if [[ -x $home/bin/jlink ]] && grep -q '^JAVA_VERSION="25' "$home/release" 2> /dev/null; then
            printf '%s' "$home"
            return
        fi
    done
    fail "no JDK 25 in JAVA_HOME, on PATH or in /usr/lib/jvm"
}

# One base to build on, with a shell; one to run on, with nothing but what a Java machine links to.
build_bases() {
    local suite
    suite=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-bookworm}")
    rm -rf "$builder"
    mkdir -p "$builder"
    mmdebstrap --quiet --variant=minbase "$suite" "$builder/build.tar"
    mmdebstrap --quiet --variant=extract --include=base-files,libc6,libstdc++6,zlib1g,tzdata \
        --dpkgopt=path-exclude=/usr/share/{doc,man,locale}/* "$suite" "$builder/run.tar"
    # The links in it go to places of this machine.
    cp -rL "$(find_jdk)" "$builder/jdk"
    from_folder localhost/keelson/debian "$builder/build.tar" /
    from_folder localhost/keelson/jdk "$builder/jdk" /opt/java localhost/keelson/debian
    from_folder localhost/keelson/base "$builder/run.tar" /
    rm -rf "$builder/jdk" "$builder"/*.tar
}

# build_image IMAGE CONTEXT: into an archive that nodes load; not again unless something in it changed
build_image() {
    local name=${1%%:*} archive
    archive=$images/${name//\//-}.tar
    if [[ -e $archive && -z $(find "$2/Dockerfile" "$2"/*.options "$2/target" -maxdepth 1 -newer "$archive" -print -quit) ]]; then
        return
    fi
    say "building $1"
    build_with bud --quiet --isolation chroot --pull-never --build-arg JDK=localhost/keelson/jdk \
        --build-arg BASE=localhost/keelson/base --tag "$1" "$2" > "$state/image.log" 2>&1 ||
        fail "the build of $1 failed; see $state/image.log"
    rm -f "$archive"
    build_with push --quiet "$1" "docker-archive:$archive:docker.io/$1"
    build_with rmi --force "$1" > /dev/null
    say "$1: $(du -m "$archive" | cut -f1) MiB"
}

build_application() {
    local line log=$state/application.log
    say "building the application"
    (cd "$root" && nice ./mvnw -B -ntp -Pfast package -pl node/server,operator -am 2>&1) | tee "$log" |
        sed -un 's/^\[INFO\] Building \(Keelson: \)\{0,1\}\(.*\) [0-9][^ ]* *\[\([0-9]*\)\/\([0-9]*\)\]$/\3 of \4: \2/p' |
        while read -r line; do say "  $line"; done || fail "the build failed; see $log"
}

images() {
    demand_root
    demand "$needs_for_images"
    mkdir -p "$images"
    local jars=("$root"/node/server/target/keelson-server-*-runner.jar)
    [[ -e ${jars[0]} && -e $root/operator/target/quarkus-app/quarkus-run.jar ]] || build_application
    once bases "$parts/images.sh" build_bases
    build_image "keelson/node:$version" "$root/node/server"
    build_image "keelson/operator:$version" "$root/operator"
    if is_up; then
        local n
        for ((n = 1; n <= node_count; n++)); do if node_is_up $n; then load_images $n; fi; done
    fi
}
