# Keys, certificates and the kubeconfig files that name them, into $cluster; what is there stays. Sourced.

new_key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1"; }

make_authority() {
    [[ -e ca.crt ]] && return
    new_key ca.key
    openssl req -x509 -new -key ca.key -out ca.crt -days 3650 -subj /CN=keelson-e2e \
        -addext keyUsage=critical,keyCertSign,cRLSign,digitalSignature
    new_key accounts.key
    openssl ec -in accounts.key -pubout -out accounts.pub 2> /dev/null
}

certificate() { # NAME SUBJECT [SUBJECT-ALTERNATIVE-NAMES]
    [[ -e $1.crt ]] && return
    {
        echo keyUsage=digitalSignature
        echo extendedKeyUsage=serverAuth,clientAuth
        [[ -z ${3:-} ]] || echo "subjectAltName=$3"
    } > "$1.extensions"
    new_key "$1.key"
    openssl req -new -key "$1.key" -subj "$2" -out "$1.request"
    openssl x509 -req -in "$1.request" -CA ca.crt -CAkey ca.key -CAcreateserial -days 3650 \
        -extfile "$1.extensions" -out "$1.crt" 2> /dev/null
    rm "$1.request" "$1.extensions"
}

kubeconfig_of() { # NAME
    cat > "$cluster/$1.conf" << YAML
apiVersion: v1
kind: Config
clusters:
- name: keelson-e2e
  cluster: {server: "$api", certificate-authority: "$cluster/keys/ca.crt"}
users:
- name: $1
  user: {client-certificate: "$cluster/keys/$1.crt", client-key: "$cluster/keys/$1.key"}
contexts:
- name: keelson-e2e
  context: {cluster: keelson-e2e, user: $1}
current-context: keelson-e2e
YAML
    chmod 600 "$cluster/$1.conf"
}

make_keys() {
    mkdir -p "$cluster/keys"
    (
        cd "$cluster/keys"
        umask 077
        make_authority
        local name=kubernetes.default.svc n user
        certificate apiserver /CN=apiserver \
            "DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:$name,DNS:$name.cluster.local,IP:127.0.0.1,IP:$machines.1,IP:$service_api"
        certificate kubelet-client /O=system:masters/CN=apiserver-kubelet-client
        certificate front-proxy /CN=front-proxy
        certificate admin /O=system:masters/CN=admin
        for user in controller-manager scheduler proxy; do certificate $user "/CN=system:kube-$user"; done
        for ((n = 1; n <= node_count; n++)); do
            certificate "node$n" "/O=system:nodes/CN=system:node:node$n" "DNS:node$n,IP:$(address_of $n)"
            kubeconfig_of "node$n"
        done
        for user in admin controller-manager scheduler proxy; do kubeconfig_of $user; done
    )
}
