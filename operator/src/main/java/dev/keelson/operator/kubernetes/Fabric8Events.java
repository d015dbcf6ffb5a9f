package dev.keelson.operator.kubernetes;

import dev.keelson.operator.api.KeelsonCluster;
import dev.keelson.operator.api.Labels;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.Consumer;

/**
 * Writes events by the current API of events. Nothing depends on them: when one cannot be written, none is tried for a while, which
 * grows as long as that lasts, and of each while one line is logged.
 *
 * <p>Thread rule: any thread.
 */
public final class Fabric8Events {
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final int NOTE_CHARACTERS_MAX = 1_000;
    private static final Duration PAUSE_MIN = Duration.ofSeconds(10);
    private static final Duration PAUSE_MAX = Duration.ofMinutes(10);

    private final Consumer<Event> api;
    private final Consumer<String> log;
    private final Clock clock;
    private final String instance;
    private Instant silentUntil = Instant.EPOCH;
    private Duration pause = PAUSE_MIN;
    private int dropped;

    public Fabric8Events(Consumer<Event> api, Consumer<String> log, Clock clock, String instance) {
        this.api = api;
        this.log = log;
        this.clock = clock;
        this.instance = instance;
    }

    public void note(KeelsonCluster about, boolean warning, String reason, String text) {
        if (!mayTry()) {
            return;
        }
        try {
            api.accept(event(about, warning, reason, text));
            written();
        } catch (KubernetesClientException e) {
            log.accept(failed(about.getMetadata().getName() + " " + reason, e));
        }
    }

    private synchronized boolean mayTry() {
        boolean may = !clock.instant().isBefore(silentUntil);
        dropped += may ? 0 : 1;
        return may;
    }

    private synchronized void written() {
        pause = PAUSE_MIN;
        dropped = 0;
    }

    private synchronized String failed(String event, KubernetesClientException why) {
        silentUntil = clock.instant().plus(pause);
        String line = "the event \"" + event + "\" was not written, nor were " + dropped
                + " before it; none is tried for " + pause.toSeconds() + " s: " + why.getMessage();
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : doubled;
        dropped = 0;
        return line.replace('\n', ' ');
    }

    private Event event(KeelsonCluster about, boolean warning, String reason, String text) {
        return new EventBuilder()
                .withNewMetadata()
                .withGenerateName(about.getMetadata().getName() + "-")
                .withNamespace(about.getMetadata().getNamespace())
                .endMetadata()
                .withEventTime(new MicroTime(MICROS.format(clock.instant())))
                .withReportingController("keelson.dev/" + Labels.OPERATOR)
                .withReportingInstance(instance)
                .withType(warning ? "Warning" : "Normal")
                .withReason(reason)
                .withAction(reason)
                .withNote(text.substring(0, Math.min(text.length(), NOTE_CHARACTERS_MAX)))
                .withNewRegarding()
                .withApiVersion(about.getApiVersion())
                .withKind(about.getKind())
                .withName(about.getMetadata().getName())
                .withNamespace(about.getMetadata().getNamespace())
                .withUid(about.getMetadata().getUid())
                .endRegarding()
                .build();
    }
}
