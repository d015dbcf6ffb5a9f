package dev.keelson.e2e.kubernetes;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.keelson.e2e.harness.Program;
import dev.keelson.e2e.harness.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The Kubernetes that tests run on: the one that {@code e2e/kubernetes} has started, or any other that {@code KUBECONFIG}
 * names, with the operator installed. Only the former has nodes whose power and cables tests may pull.
 */
final class Kubernetes {

    static final Path ROOT = Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());

    private static final String OPERATORS = "keelson-system";
    private static final String OPERATOR = "keelson-operator";

    private static final Path STATE = Optional.ofNullable(System.getenv("KEELSON_KUBERNETES"))
            .map(Path::of)
            .orElse(ROOT.resolve(".keelson/kubernetes"));

    private final Optional<Path> configuration;

    private Kubernetes(Optional<Path> configuration) {
        this.configuration = configuration;
    }

    /** Skips the test unless {@code -De2e.kubernetes=true} asks for it: it takes minutes, and changes a cluster. */
    static Kubernetes asked() {
        assumeTrue(Boolean.getBoolean("e2e.kubernetes"), "runs with -De2e.kubernetes=true only");
        Path own = STATE.resolve("cluster/admin.conf");
        var kubernetes = new Kubernetes(
                System.getenv("KUBECONFIG") == null && Files.exists(own) ? Optional.of(own) : Optional.empty());
        kubernetes.kubectl("get", "deployment", OPERATOR, "--namespace", OPERATORS);
        return kubernetes;
    }

    /** A program that {@code e2e/kubernetes} builds, or else one on PATH; the test is skipped where neither is. */
    static String program(String name) {
        Path built = STATE.resolve("bin").resolve(name);
        if (Files.isExecutable(built)) {
            return built.toString();
        }
        boolean onPath = Run.command(name, "version", "--client").succeeds()
                || Run.command(name, "version").succeeds();
        if (!onPath) {
            System.err.println("skipped: no " + name + "; 'e2e/kubernetes up' builds it");
        }
        assumeTrue(onPath, "no " + name);
        return name;
    }

    /** What it prints; fails with that when it fails. */
    String kubectl(String... words) {
        return run(words).mustSucceed();
    }

    Run.Result tryKubectl(String... words) {
        return run(words).result();
    }

    String apply(String namespace, String resources) {
        return run("apply", "--namespace", namespace, "-f", "-")
                .reading(resources)
                .mustSucceed();
    }

    Run.Result tryApply(String namespace, String resources) {
        return run("apply", "--namespace", namespace, "-f", "-")
                .reading(resources)
                .result();
    }

    /** Whether the operator's own account may do this everywhere: an answer that ends in {@code yes} or {@code no}. */
    Run.Result asOperator(String... words) {
        String account = kubectl(
                        "get",
                        "deployment",
                        OPERATOR,
                        "--namespace",
                        OPERATORS,
                        "--output",
                        "jsonpath={.spec.template.spec.serviceAccountName}")
                .strip();
        var question = new ArrayList<>(List.of(
                "auth", "can-i", "--all-namespaces", "--as", "system:serviceaccount:" + OPERATORS + ":" + account));
        question.addAll(List.of(words));
        return tryKubectl(question.toArray(String[]::new));
    }

    /** What operators have written since they started. */
    String operatorLogs() {
        return kubectl(
                "logs", "--namespace", OPERATORS, "--selector", "app.kubernetes.io/name=" + OPERATOR, "--tail=-1");
    }

    /** Names the image of a version of members as that of another too, on every node. */
    void nameImageOfMembersAlso(String version, String other) {
        String repository = "docker.io/keelson/node:";
        lines(kubectl("get", "nodes", "--output", "jsonpath={.items[*].metadata.name}"))
                .forEach(node -> node(
                        "exec",
                        node,
                        "ctr",
                        "--namespace",
                        "k8s.io",
                        "images",
                        "tag",
                        "--force",
                        repository + version,
                        repository + other));
    }

    private Run run(String... words) {
        Run run = Run.command(command(words));
        environment().forEach(run::with);
        return run;
    }

    /** Leaves kubectl running, with its output in that file. */
    Program start(Path output, String... words) {
        return Program.start(output, environment(), command(words));
    }

    private static List<String> command(String... words) {
        List<String> command = new ArrayList<>(List.of(program("kubectl")));
        command.addAll(List.of(words));
        return command;
    }

    private Map<String, String> environment() {
        return configuration.map(file -> Map.of("KUBECONFIG", file.toString())).orElse(Map.of());
    }

    /** Pulls a plug of a node of this machine: {@code kill}, {@code start}, {@code cut}, {@code join}, {@code wipe}. */
    String node(String verb, String node, String... more) {
        assumeTrue(configuration.isPresent(), "nodes of another Kubernetes have no plugs to pull");
        var words = new ArrayList<>(List.of(ROOT.resolve("e2e/kubernetes").toString(), "node", verb));
        words.add(node.replaceFirst("^node", ""));
        words.addAll(List.of(more));
        return Run.command(words).mustSucceed();
    }

    /** The Pod of the operator that works, while the others wait. */
    String operatorAtWork() {
        return kubectl(
                        "get",
                        "lease",
                        OPERATOR,
                        "--namespace",
                        OPERATORS,
                        "--output",
                        "jsonpath={.spec.holderIdentity}")
                .strip();
    }

    /** Ends the operator that works, without a warning; the other one takes over. */
    void killOperator() {
        tryKubectl(
                "delete",
                "pod",
                operatorAtWork(),
                "--namespace",
                OPERATORS,
                "--grace-period=0",
                "--force",
                "--wait=false");
    }

    /** What the kubelet of an operator's node says of all its Pods. */
    String usage(String operator) {
        String node = kubectl("get", "pod", operator, "--namespace", OPERATORS, "--output", "jsonpath={.spec.nodeName}")
                .strip();
        return kubectl("get", "--raw", "/api/v1/nodes/" + node + "/proxy/stats/summary");
    }

    /** Words of what kubectl printed. */
    static List<String> lines(String output) {
        return Stream.of(output.strip().split("\\s+"))
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
