# From nothing to a Ready cluster of three members. Sourced.

operator_namespace=keelson-system

install() {
    demand_up
    local image=$images/keelson-operator.tar
    [[ -e $image ]] || fail "no image of the operator; make it with: e2e/kubernetes images"
    # A namespace that admits nothing that falls short of the restricted standard.
    kubectl apply -f - > /dev/null << YAML
apiVersion: v1
kind: Namespace
metadata: {name: $operator_namespace, labels: {pod-security.kubernetes.io/enforce: restricted}}
YAML
    # Images keep their names when they are built anew: an annotation makes Pods of a new one.
    helm upgrade --install keelson "$operator_chart" --namespace $operator_namespace \
        --set "podAnnotations.image=$(cksum < "$image" | tr ' ' -)" --wait --timeout 5m "$@" 2> >(grep -v '^level=INFO' >&2) > /dev/null ||
        fail "the operator did not come up; look with: e2e/kubernetes kubectl -n $operator_namespace get pods"
    say "operator ready"
}

# A line each time that the phase or the members of the cluster change, until it is Ready.
show_until_ready() { # NAME SECONDS
    local end=$((SECONDS + $2)) before='' now
    until [[ $(condition "$1" Ready) == True ]]; do
        now=$(kubectl get keelsoncluster "$1" -o \
            jsonpath='{.status.phase}{range .status.plan[*]}{" "}{.step}{" "}{.member}{end}' 2> /dev/null || true)
        if [[ -n $now && $now != "$before" ]]; then
            say "  $1: $now"
            before=$now
        fi
        ((SECONDS < end)) || fail "$1 is not Ready; look with: e2e/kubernetes kubectl describe keelsoncluster $1"
        sleep 0.5
    done
}

condition() { # NAME TYPE
    kubectl get keelsoncluster "$1" -o jsonpath="{.status.conditions[?(@.type==\"$2\")].status}" 2> /dev/null
}

what_next() {
    cat << TEXT

A Keelson cluster of three members runs on three nodes. Try, in a shell with:  eval "\$(e2e/kubernetes env)"

  kubectl get keelsonclusters,keelsonmembers,pods -o wide
  kubectl apply -f charts/keelson/samples/client.yaml && kubectl logs --follow client
  kubectl scale keelsoncluster config --replicas=5        # two more, as learners first
  kubectl delete pod -l keelson.dev/cluster=config        # they come back with their data
  e2e/kubernetes node kill 2                              # a power failure; then: e2e/kubernetes node start 2
  kubectl get keelsoncluster config -o yaml               # what the operator plans, and why

  e2e/kubernetes down --wipe                              # stops it and forgets all that it held
TEXT
}

demo() {
    (($# == 0)) || fail "demo takes no more words"
    local begin=$SECONDS
    up
    images
    install
    kubectl apply -f "$operator_chart/samples/minimal.yaml"
    local applied=$SECONDS
    show_until_ready config 300
    say "Ready $((SECONDS - applied)) s after it was applied, $((SECONDS - begin)) s in all"
    kubectl get keelsoncluster config
    what_next
}
