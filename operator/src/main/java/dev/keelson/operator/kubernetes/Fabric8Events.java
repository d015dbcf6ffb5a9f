package dev.keelson.operator.kubernetes;

import dev.keelson.operator.api.KeelsonCluster;
import dev.keelson.operator.api.Labels;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Writes events by the current API of events. One that cannot be written is logged: nothing depends on it. */
public final class Fabric8Events {
    private static final System.Logger LOG = System.getLogger(Fabric8Events.class.getName());
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final int NOTE_CHARACTERS_MAX = 1_000;

    private final KubernetesClient client;
    private final Clock clock;
    private final String instance;

    public Fabric8Events(KubernetesClient client, Clock clock, String instance) {
        this.client = client;
        this.clock = clock;
        this.instance = instance;
    }

    public void note(KeelsonCluster about, boolean warning, String reason, String text) {
        try {
            client.events()
                    .v1()
                    .events()
                    .resource(new EventBuilder()
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
                            .build())
                    .create();
        } catch (KubernetesClientException e) {
            LOG.log(System.Logger.Level.WARNING, "an event was not written: " + reason + " " + text, e);
        }
    }
}
