package dev.keelson.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.e2e.harness.Authority;
import dev.keelson.e2e.harness.Await;
import dev.keelson.e2e.harness.Cluster;
import dev.keelson.e2e.harness.Member;
import dev.keelson.e2e.harness.Run;
import dev.keelson.e2e.harness.Tools;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Three members with TLS on all ports get another authority, in the three steps that need no pause, while clients write
 * that make a new connection for each write.
 */
class TlsRotationTest {

    private static final long WRITES_PER_STEP = 20;
    private static final Duration STEP_MAX = Duration.ofSeconds(120);

    /** What a client shows and whom it trusts. */
    private record Client(Authority.Pair own, Path trusted) {}

    private final Path folder = Tools.workDirectory("tls-rotation-files");
    private final Authority former = new Authority(folder.resolve("former"), "former");
    private final Authority next = new Authority(folder.resolve("next"), "next");
    private final Authority.Pair own = new Authority.Pair(folder.resolve("own.pem"), folder.resolve("own.key"));
    private final Path trusted = folder.resolve("trusted.pem");
    private final AtomicLong written = new AtomicLong();
    private final ConcurrentLinkedQueue<String> failed = new ConcurrentLinkedQueue<>();
    private volatile Client client = new Client(former.issue("client"), former.bundle());
    private volatile boolean done;

    @Test
    void anAuthorityIsReplacedUnderLoadWithoutAFailedRequest() throws InterruptedException {
        former.issue("member").replace(own);
        Authority.move(former.bundle(), trusted);
        Client before = client;
        try (Cluster cluster = Cluster.start(Tools.server(), "tls-rotation", 3, flags())) {
            List<Thread> writers = startWriters(cluster);
            awaitWrites();

            Path both = next.bundleWith(former);
            Authority.move(both, trusted);
            client = new Client(before.own(), both);
            awaitWrites();
            next.issue("member").replace(own);
            client = new Client(next.issue("client"), both);
            awaitWrites();
            Authority.move(next.bundle(), trusted);
            client = new Client(client.own(), next.bundle());
            awaitWrites();

            done = true;
            for (Thread writer : writers) {
                writer.join();
            }
            System.out.printf("%d writes, %d failed%n", written.get(), failed.size());
            assertThat(failed).isEmpty();
            Client after = client;
            assertThat(put(cluster.endpoints(), new Client(before.own(), next.bundle()))
                            .exitCode())
                    .isNotZero();
            restartAndWrite(cluster, after);
        }
    }

    private static void restartAndWrite(Cluster cluster, Client after) {
        // Its links to the others are made anew, so both ends trust the new authority.
        Member one = cluster.members().getFirst();
        one.stop();
        one.launch();
        one.awaitReady();
        Await.until(
                "a write through " + one.name(),
                STEP_MAX,
                () -> put(one.endpoint(), after).exitCode() == 0);
    }

    private String[] flags() {
        return new String[] {
            "--cert-file=" + own.certificate(),
            "--key-file=" + own.key(),
            "--trusted-ca-file=" + trusted,
            "--client-cert-auth",
            "--peer-cert-file=" + own.certificate(),
            "--peer-key-file=" + own.key(),
            "--peer-trusted-ca-file=" + trusted,
            "--peer-client-cert-auth"
        };
    }

    private List<Thread> startWriters(Cluster cluster) {
        var writers = new ArrayList<Thread>();
        for (Member member : cluster.members()) {
            writers.add(Thread.ofPlatform().name("writer-" + member.name()).start(() -> {
                while (!done) {
                    Run.Result result = put(member.endpoint(), client);
                    if (result.exitCode() == 0) {
                        written.incrementAndGet();
                    } else {
                        failed.add(result.output());
                    }
                }
            }));
        }
        return writers;
    }

    private static Run.Result put(String endpoint, Client as) {
        return Run.command(
                        Tools.go("etcdctl").toString(),
                        "--endpoints=" + endpoint,
                        "--cacert=" + as.trusted(),
                        "--cert=" + as.own().certificate(),
                        "--key=" + as.own().key(),
                        "--command-timeout=30s",
                        "put",
                        "k",
                        "v")
                .result();
    }

    private void awaitWrites() {
        long enough = written.get() + WRITES_PER_STEP;
        Await.until(enough + " writes", STEP_MAX, () -> written.get() >= enough || !failed.isEmpty());
        assertThat(failed).isEmpty();
    }
}
