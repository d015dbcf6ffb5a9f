package dev.keelson.operator.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.operator.api.KeelsonCluster;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class Fabric8EventsTest {
    private final KeelsonCluster cluster = new KeelsonCluster();
    private final List<Event> written = new ArrayList<>();
    private final List<String> log = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private boolean refused;
    private int tried;
    private final Fabric8Events events = new Fabric8Events(this::write, log::add, clock(), "operator-0");

    Fabric8EventsTest() {
        cluster.setMetadata(
                new ObjectMetaBuilder().withName("c").withNamespace("ns").build());
    }

    @Test
    void saysWhatIsDoneAboutWhom() {
        events.note(cluster, true, "Degraded", "x".repeat(2_000));

        assertThat(written).singleElement().satisfies(event -> {
            assertThat(event.getType()).isEqualTo("Warning");
            assertThat(event.getRegarding().getName()).isEqualTo("c");
            assertThat(event.getNote()).hasSize(1_000);
        });
    }

    @Test
    void whileEventsAreRefusedFewAreTriedAndOfEachPauseOneLineIsLogged() {
        refused = true;
        for (int second = 0; second < 100; second++) {
            events.note(cluster, false, "RestartPod", "c-0");
            now = now.plusSeconds(1);
        }

        assertThat(tried).isEqualTo(4);
        assertThat(log).hasSize(4).noneMatch(line -> line.contains("\n"));
        assertThat(log.getLast()).contains("nor were 39 before it").contains("none is tried for 80 s");
    }

    @Test
    void onceOneIsWrittenAllAreTriedAgain() {
        refused = true;
        events.note(cluster, false, "RestartPod", "c-0");
        now = now.plusSeconds(10);
        refused = false;
        events.note(cluster, false, "RestartPod", "c-1");
        events.note(cluster, false, "RestartPod", "c-2");

        assertThat(written).hasSize(2);
        assertThat(log).hasSize(1);
    }

    private void write(Event event) {
        tried++;
        if (refused) {
            throw new KubernetesClientException("events are\nforbidden");
        }
        written.add(event);
    }

    private Clock clock() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now;
            }
        };
    }
}
