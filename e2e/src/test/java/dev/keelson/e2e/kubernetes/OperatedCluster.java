package dev.keelson.e2e.kubernetes;

import dev.keelson.e2e.harness.Await;
import dev.keelson.e2e.harness.Load;
import dev.keelson.e2e.harness.Program;
import dev.keelson.e2e.harness.Run;
import dev.keelson.e2e.harness.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One {@code KeelsonCluster} in a namespace of its own, which admits nothing that falls short of the restricted Pod
 * Security Standard. The namespace goes when it is closed, unless {@code -De2e.keep=true}.
 */
final class OperatedCluster implements AutoCloseable {

    static final Duration READY_MAX = Duration.ofMinutes(5);

    /** Each look starts kubectl, which takes time away from those that are looked at. */
    static final Duration LOOK_EVERY = Duration.ofMillis(500);

    private static final int CLIENT_PORT = 2379;
    private static final String NAME = "config";

    /** What kubectl prints for the time of an event of an older kind, which others than the operator write. */
    private static final String NO_TIME = "null";

    private static final String TUNNEL = "Forwarding from 127.0.0.1:";

    /** The authority's and the one for clients. */
    private static final int SHARED_SECRETS = 2;

    /** What Kubernetes itself keeps in every namespace. */
    private static final String PUBLISHED_AUTHORITY = "kube-root-ca.crt";

    private final Kubernetes kubernetes;
    private final String namespace;
    private final Path directory;

    private OperatedCluster(Kubernetes kubernetes, String namespace) {
        this.kubernetes = kubernetes;
        this.namespace = namespace;
        this.directory = Tools.workDirectory(namespace);
    }

    /** Applies a cluster and waits until it is Ready. */
    static OperatedCluster start(Kubernetes kubernetes, String test, String spec) {
        String namespace = test + "-" + Long.toString(System.nanoTime() & 0xfffff, 36);
        kubernetes.kubectl("create", "namespace", namespace);
        kubernetes.kubectl("label", "namespace", namespace, "pod-security.kubernetes.io/enforce=restricted");
        var cluster = new OperatedCluster(kubernetes, namespace);
        cluster.apply(spec);
        cluster.awaitReady();
        return cluster;
    }

    /** Applies one of the samples that come with the chart. */
    void applySample(String name) throws IOException {
        kubernetes.apply(namespace, Files.readString(Kubernetes.ROOT.resolve("charts/keelson/samples/" + name)));
    }

    void apply(String spec) {
        kubernetes.apply(namespace, """
                apiVersion: keelson.dev/v1alpha1
                kind: KeelsonCluster
                metadata: {name: %s}
                spec: %s
                """.formatted(NAME, spec));
    }

    /** Merges these fields into its specification. */
    void patch(String fields) {
        kubectl(patching(fields));
    }

    /** What Kubernetes says about a specification with these fields. */
    Run.Result tryPatch(String fields) {
        var words = new ArrayList<>(List.of("--namespace", namespace));
        words.addAll(List.of(patching(fields)));
        return kubernetes.tryKubectl(words.toArray(String[]::new));
    }

    private static String[] patching(String fields) {
        return new String[] {"patch", "keelsoncluster", NAME, "--type=merge", "--patch", "spec: " + fields};
    }

    void scale(int members) {
        kubectl("scale", "keelsoncluster", NAME, "--replicas=" + members);
    }

    /** Returns when the operator has brought about all that the spec says, and Kubernetes finds all members ready. */
    void awaitReady() {
        Await.until("Ready: " + describe(), READY_MAX, LOOK_EVERY, this::isReady);
    }

    /** Returns when a condition of the cluster is of that status and says that. */
    void awaitCondition(String type, String status, String message) {
        Await.until(type + " " + status + " '" + message + "': " + describe(), READY_MAX, LOOK_EVERY, () -> {
            List<String> seen = Kubernetes.lines(condition(type, "status"));
            return seen.equals(List.of(status)) && condition(type, "message").contains(message);
        });
    }

    String condition(String type, String field) {
        return status(".conditions[?(@.type==\"" + type + "\")]." + field);
    }

    /** Returns when the operator has looked at the newest specification. */
    void awaitLookedAt() {
        Await.until("looked at: " + describe(), READY_MAX, LOOK_EVERY, () -> {
            List<String> seen = Kubernetes.lines(kubectl(
                    "get",
                    "keelsoncluster",
                    NAME,
                    "--output",
                    "jsonpath={.metadata.generation} {.status.observedGeneration}"));
            return seen.size() == 2 && seen.get(0).equals(seen.get(1));
        });
    }

    void awaitNotReady() {
        Await.until("not Ready: " + describe(), READY_MAX, LOOK_EVERY, () -> !isReady());
    }

    /** Returns when a Pod of that name runs which is not the one of that uid. */
    void awaitPodOtherThan(String pod, String uid) {
        Await.until("another " + pod + " in " + namespace, READY_MAX, LOOK_EVERY, () -> {
            Run.Result seen = kubernetes.tryKubectl(
                    "--namespace", namespace, "get", "pod", pod, "--output", "jsonpath={.metadata.uid}");
            return seen.exitCode() == 0 && !seen.output().strip().equals(uid);
        });
    }

    void awaitRestarts(String pod, int restarts) {
        Await.until(
                pod + " restarted in " + namespace,
                READY_MAX,
                LOOK_EVERY,
                () -> of(pod, ".status.containerStatuses[0].restartCount").equals(String.valueOf(restarts)));
    }

    void awaitNoMember(String member) {
        Await.until(
                "no " + member + " in " + namespace,
                READY_MAX,
                LOOK_EVERY,
                () -> !names("keelsonmembers").contains(member));
    }

    /** Returns when the operator has taken one more step that shows in objects, or has arrived. */
    void awaitStep() {
        String before = traces();
        Await.until(
                "a step of the operator in " + namespace,
                READY_MAX,
                LOOK_EVERY,
                () -> !traces().equals(before) || isReady());
    }

    private String traces() {
        return kubectl(
                "get",
                "keelsonmembers,pvc,pods",
                "--output",
                "jsonpath={range .items[*]}{.kind} {.metadata.name} {.metadata.uid} {.spec.memberID} {.status.role},{end}");
    }

    /** Returns when only so many members have Pods, volumes and certificates: those who left leave nothing behind. */
    void awaitNothingLeftBut(int members) {
        Await.until(
                "nothing left of others: kubectl get all,pvc,secrets --namespace " + namespace,
                READY_MAX,
                LOOK_EVERY,
                () -> names("pods").size() == members
                        && names("pvc").size() == members
                        && names("keelsonmembers").size() == members
                        && names("secrets").size() == members + SHARED_SECRETS);
    }

    /** Deletes the cluster, and returns when so many volumes are left of it and nothing else. */
    void delete(int volumes) {
        kubectl("delete", "keelsoncluster", NAME);
        Await.until(
                volumes + " volumes left: kubectl get all,pvc,secrets --namespace " + namespace,
                READY_MAX,
                LOOK_EVERY,
                () -> names("pods,secrets,services,poddisruptionbudgets,keelsonmembers")
                                .isEmpty()
                        && names("configmaps").equals(List.of(PUBLISHED_AUTHORITY))
                        && names("pvc").size() == volumes);
    }

    /** Returns when so many voters are healthy and none of them is the one of that id. */
    void awaitVoters(int members, String without) {
        Await.until(
                members + " voters and not " + without + ": " + describe(),
                READY_MAX,
                LOOK_EVERY,
                () -> !ids().contains(without)
                        && Kubernetes.lines(status(".memberStatuses[?(@.healthy==true)].role"))
                                .equals(Collections.nCopies(members, "Voter")));
    }

    void awaitPhase(String phase) {
        Await.until(
                phase + ": " + describe(),
                READY_MAX,
                LOOK_EVERY,
                () -> status(".phase").equals(phase));
    }

    /** What each volume was asked to hold. */
    List<String> sizesOfClaims() {
        return Kubernetes.lines(
                kubectl("get", "pvc", "--output", "jsonpath={.items[*].spec.resources.requests.storage}"));
    }

    private List<String> names(String kind) {
        return Kubernetes.lines(kubectl("get", kind, "--output", "jsonpath={.items[*].metadata.name}"));
    }

    private boolean isReady() {
        List<String> seen = Kubernetes.lines(kubectl(
                "get",
                "keelsoncluster",
                NAME,
                "--output",
                "jsonpath={.metadata.generation} {.status.observedGeneration} {.spec.members} {.status.members}"
                        + " {.status.conditions[?(@.type==\"Ready\")].status} {.status.phase}"));
        return seen.size() == 6
                && seen.get(0).equals(seen.get(1))
                && seen.get(2).equals(seen.get(3))
                && seen.get(4).equals("True")
                && seen.get(5).equals("Ready")
                && String.valueOf(readyPods().size()).equals(seen.get(2));
    }

    private String describe() {
        return "kubectl describe keelsoncluster " + NAME + " --namespace " + namespace;
    }

    String kubectl(String... words) {
        var all = new ArrayList<>(List.of("--namespace", namespace));
        all.addAll(List.of(words));
        return kubernetes.kubectl(all.toArray(String[]::new));
    }

    /** Names of Pods that serve as members, in any order. */
    List<String> pods() {
        return Kubernetes.lines(kubectl(
                "get", "pods", "-l", "keelson.dev/cluster=" + NAME, "--output", "jsonpath={.items[*].metadata.name}"));
    }

    String of(String pod, String path) {
        return kubectl("get", "pod", pod, "--output", "jsonpath={" + path + "}").strip();
    }

    String status(String path) {
        return kubectl("get", "keelsoncluster", NAME, "--output", "jsonpath={.status" + path + "}")
                .strip();
    }

    /** The id of each Pod, which a restart of a member changes, by the name of the Pod. */
    Map<String, String> uids() {
        Map<String, String> uids = new TreeMap<>();
        pods().forEach(pod -> uids.put(pod, of(pod, ".metadata.uid")));
        return uids;
    }

    /** Names of Pods, the one that was made last at the end. */
    List<String> podsByAge() {
        return pods().stream()
                .sorted(Comparator.comparing(pod -> Instant.parse(of(pod, ".metadata.creationTimestamp"))))
                .toList();
    }

    /** One thing that the operator says that it did, to whom and why. */
    record Event(Instant at, String reason, String note) {}

    /** What the operator has said, in the order of time. */
    List<Event> events() {
        return kubectl(
                        "get",
                        "events.v1.events.k8s.io",
                        "--output",
                        "jsonpath={range .items[*]}{.eventTime}\t{.reason}\t{.note}{\"\\n\"}{end}")
                .lines()
                .map(line -> line.split("\t", 3))
                .filter(event -> !event[0].equals(NO_TIME))
                .map(event -> new Event(Instant.parse(event[0]), event[1], event[2]))
                .sorted(Comparator.comparing(Event::at))
                .toList();
    }

    /** Names of members that the cluster has or is about to have. */
    List<String> members() {
        return names("keelsonmembers");
    }

    /** Takes a Pod away at once, and tells its uid; nothing when it is gone already. */
    Optional<String> kill(String pod) {
        Run.Result seen = kubernetes.tryKubectl(
                "--namespace", namespace, "get", "pod", pod, "--output", "jsonpath={.metadata.uid}");
        if (seen.exitCode() != 0) {
            return Optional.empty();
        }
        String said =
                kubectl("delete", "pod", pod, "--grace-period=0", "--force", "--wait=false", "--ignore-not-found");
        return said.contains("deleted") ? Optional.of(seen.output().strip()) : Optional.empty();
    }

    /** When a Pod of that name started which is not the one of that uid. */
    Optional<Instant> startOfOtherThan(String pod, String uid) {
        Run.Result seen = kubernetes.tryKubectl(
                "--namespace",
                namespace,
                "get",
                "pod",
                pod,
                "--output",
                "jsonpath={.metadata.uid} {.status.containerStatuses[0].state.running.startedAt}");
        List<String> words = Kubernetes.lines(seen.output());
        boolean runs =
                seen.exitCode() == 0 && words.size() == 2 && !words.getFirst().equals(uid);
        return runs ? Optional.of(Instant.parse(words.get(1))) : Optional.empty();
    }

    String leader() {
        return status(".leader");
    }

    /** The id that the store gave a member, in hexadecimal. */
    String id(String member) {
        return kubectl("get", "keelsonmember", member, "--output", "jsonpath={.spec.memberID}")
                .strip();
    }

    /** Ids of members, in hexadecimal. */
    List<String> ids() {
        return Kubernetes.lines(status(".memberStatuses[*].id"));
    }

    /** Constant writes through the client Service, as an application makes them. */
    Load load(int workers) {
        return Load.start(directory, reaching(serviceAddress()), workers, () -> reaching(podAddresses()));
    }

    private List<String> reaching(String addresses) {
        var endpoints = new ArrayList<String>();
        for (String address : addresses.split(",")) {
            endpoints.add(address + ":" + CLIENT_PORT);
        }
        return List.of(
                "--endpoints",
                String.join(",", endpoints),
                "--cacert",
                file("ca.crt"),
                "--cert",
                file("tls.crt"),
                "--cert-key",
                file("tls.key"),
                "--server-name",
                NAME + "." + namespace + ".svc");
    }

    /** What a Pod has written, once it has done its work. */
    String outputOf(String pod) {
        Await.until(
                pod + " done in " + namespace,
                READY_MAX,
                LOOK_EVERY,
                () -> of(pod, ".status.phase").equals("Succeeded"));
        return kubectl("logs", pod);
    }

    /** Runs etcd's own command line from outside through a tunnel to the client Service, as the README says. */
    String throughTunnel(String... words) throws IOException {
        Path output = Files.createTempFile(directory, "tunnel-", ".out");
        Program tunnel = kubernetes.start(output, "--namespace", namespace, "port-forward", "service/" + NAME, ":2379");
        try {
            Await.until("a tunnel, see " + output, READY_MAX, LOOK_EVERY, () -> {
                tunnel.mustRun();
                return !tunnel.lines(TUNNEL).isEmpty();
            });
            String port = tunnel.lines(TUNNEL).getFirst().split(" ", 2)[0];
            var command = new ArrayList<>(List.of(Tools.go("etcdctl").toString()));
            command.addAll(List.of("--endpoints", "https://localhost:" + port));
            command.addAll(List.of("--cacert", file("ca.crt"), "--cert", file("tls.crt"), "--key", file("tls.key")));
            command.addAll(List.of(words));
            return Run.command(command).mustSucceed();
        } finally {
            tunnel.end();
        }
    }

    private String serviceAddress() {
        return kubectl("get", "service", NAME, "--output", "jsonpath={.spec.clusterIP}")
                .strip();
    }

    /** Those that can be asked: not the ones of a node without power. */
    private String podAddresses() {
        return String.join(",", readyPods());
    }

    private List<String> readyPods() {
        return ofReadyPods(".status.podIP");
    }

    /** Names of members that Kubernetes finds ready. */
    List<String> readyMembers() {
        return ofReadyPods(".metadata.name");
    }

    private List<String> ofReadyPods(String path) {
        return Kubernetes.lines(kubectl(
                        "get",
                        "pods",
                        "-l",
                        "keelson.dev/cluster=" + NAME,
                        "--output",
                        "jsonpath={range .items[*]}{" + path + "}={.metadata.deletionTimestamp}"
                                + "{.status.conditions[?(@.type==\"Ready\")].status} {end}"))
                .stream()
                .filter(pod -> pod.endsWith("=True"))
                .map(pod -> pod.substring(0, pod.indexOf('=')))
                .toList();
    }

    /** One file of the Secret that applications mount. */
    private String file(String key) {
        Path file = directory.resolve(key);
        try {
            if (!Files.exists(file)) {
                String secret = kubectl(
                        "get",
                        "secret",
                        NAME + "-client",
                        "--output",
                        "jsonpath={.data." + key.replace(".", "\\.") + "}");
                Files.write(file, Base64.getDecoder().decode(secret.strip()));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return file.toString();
    }

    @Override
    public void close() {
        if (!Boolean.getBoolean("e2e.keep")) {
            kubernetes.kubectl("delete", "namespace", namespace, "--wait=false");
        }
    }
}
