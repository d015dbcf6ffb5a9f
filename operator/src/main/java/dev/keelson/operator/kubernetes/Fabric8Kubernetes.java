package dev.keelson.operator.kubernetes;

import dev.keelson.operator.api.Labels;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The API of Kubernetes through fabric8's client. */
public final class Fabric8Kubernetes implements Kubernetes {
    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(Labels.OPERATOR)
            .withForce(true)
            .build();

    private final KubernetesClient client;

    public Fabric8Kubernetes(KubernetesClient client) {
        this.client = client;
    }

    @Override
    public <T extends HasMetadata> @Nullable T get(Class<T> kind, String namespace, String name) {
        return client.resources(kind).inNamespace(namespace).withName(name).get();
    }

    @Override
    public <T extends HasMetadata> List<T> list(Class<T> kind, String namespace, Map<String, String> labels) {
        return client.resources(kind)
                .inNamespace(namespace)
                .withLabels(labels)
                .list()
                .getItems();
    }

    @Override
    public <T extends HasMetadata> T create(T object) {
        return write(() -> client.resource(object).create());
    }

    /** A write that changes nothing is not sent, so that nobody is woken by it. */
    @Override
    public <T extends HasMetadata> void apply(T wanted) {
        @SuppressWarnings("unchecked")
        Class<T> kind = (Class<T>) wanted.getClass();
        T found = get(
                kind, wanted.getMetadata().getNamespace(), wanted.getMetadata().getName());
        if (found == null) {
            create(wanted);
            return;
        }
        String uid = Labels.CLUSTER_UID;
        Map<String, String> labels =
                Objects.requireNonNullElse(found.getMetadata().getLabels(), Map.of());
        if (!Objects.equals(labels.get(uid), wanted.getMetadata().getLabels().get(uid))) {
            throw new ConflictException(
                    found.getKind() + " " + found.getMetadata().getName() + " is not of this cluster");
        }
        if (!Containment.contains(found, wanted)) {
            write(() -> client.resource(wanted).patch(APPLY));
        }
    }

    @Override
    public <T extends HasMetadata> T replace(T object) {
        return write(() -> client.resource(object).update());
    }

    @Override
    public <T extends CustomResource<?, ?>> T replaceStatus(T object) {
        return write(() -> client.resource(object).updateStatus());
    }

    @Override
    public <T extends HasMetadata> void delete(Class<T> kind, String namespace, String name, String uid) {
        T found = get(kind, namespace, name);
        if (found == null || !found.getMetadata().getUid().equals(uid)) {
            return;
        }
        write(() -> client.resource(found)
                .lockResourceVersion(found.getMetadata().getResourceVersion())
                .delete());
    }

    private static <R> R write(Supplier<R> call) {
        try {
            return call.get();
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                throw new ConflictException(String.valueOf(e.getMessage()));
            }
            throw e;
        }
    }
}
