# Images of one layer without a builder: what the cluster itself runs. Sourced.

# archive IMAGE ROOT ENTRYPOINT: the folder as an image that any runtime imports, byte for byte the same each time
archive() {
    local image=$1 folder=$2 entrypoint=$3 work layer tar
    tar="tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner"
    work=$(mktemp -d)
    $tar -C "$folder" -cf "$work/layer.tar" .
    layer=$(sha256sum "$work/layer.tar" | cut -d' ' -f1)
    cat > "$work/config.json" << JSON
{"architecture": "$(go env GOARCH)", "os": "linux", "created": "1970-01-01T00:00:00Z",
 "config": {"Entrypoint": ["$entrypoint"], "Env": ["PATH=/bin"], "WorkingDir": "/"},
 "rootfs": {"type": "layers", "diff_ids": ["sha256:$layer"]}}
JSON
    printf '[{"Config": "config.json", "RepoTags": ["%s"], "Layers": ["layer.tar"]}]\n' "$image" > "$work/manifest.json"
    image=${image##*/}
    $tar -C "$work" -cf "$images/${image%%:*}.tar" manifest.json config.json layer.tar
    rm -rf "$work"
}

# A registry called localhost is never asked for an image that is there.
build_cluster_images() {
    local folder program
    for program in pause dns storage; do
        folder=$(mktemp -d)
        cp "$bin/$program" "$folder/"
        archive "localhost/$program:1" "$folder" "/$program"
        rm -rf "$folder"
    done
    folder=$(mktemp -d)
    mkdir -p "$folder"/{bin,etc} && mkdir -m 1777 "$folder/tmp"
    cp "$(command -v busybox)" "$folder/bin/busybox"
    for program in sh mkdir rm; do ln -s busybox "$folder/bin/$program"; done
    archive localhost/shell:1 "$folder" /bin/sh
    rm -rf "$folder"
}
