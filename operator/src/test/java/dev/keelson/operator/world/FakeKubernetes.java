package dev.keelson.operator.world;

import dev.keelson.operator.kubernetes.Kubernetes;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An API server in memory: copies in, copies out, versions on every object, deletion that takes its time. */
public final class FakeKubernetes implements Kubernetes {
    private final Map<String, HasMetadata> objects = new TreeMap<>();
    private final Writes writes;
    private final Clock clock;
    private int version;

    public FakeKubernetes(Writes writes, Clock clock) {
        this.writes = writes;
        this.clock = clock;
    }

    @Override
    public <T extends HasMetadata> @Nullable T get(Class<T> kind, String namespace, String name) {
        HasMetadata found = objects.get(key(kind, name));
        return found == null ? null : kind.cast(Serialization.clone(found));
    }

    @Override
    public <T extends HasMetadata> List<T> list(Class<T> kind, String namespace, Map<String, String> labels) {
        List<T> found = new ArrayList<>();
        for (HasMetadata object : objects.values()) {
            Map<String, String> has =
                    Objects.requireNonNullElse(object.getMetadata().getLabels(), Map.of());
            if (kind.isInstance(object) && has.entrySet().containsAll(labels.entrySet())) {
                found.add(kind.cast(Serialization.clone(object)));
            }
        }
        return found;
    }

    @Override
    public <T extends HasMetadata> T create(T object) {
        T created = put(object);
        writes.count("create " + text(object));
        return created;
    }

    /** Without a count: what users and controllers write. */
    public <T extends HasMetadata> T put(T object) {
        String key = key(object.getClass(), object.getMetadata().getName());
        if (objects.containsKey(key)) {
            throw new ConflictException(key + " exists");
        }
        T stored = Serialization.clone(object);
        stored.getMetadata().setUid("uid-" + ++version);
        stored.getMetadata().setGeneration(1L);
        stored.getMetadata().setCreationTimestamp(clock.instant().toString());
        return store(stored);
    }

    @Override
    public <T extends HasMetadata> void apply(T wanted) {
        HasMetadata found =
                objects.get(key(wanted.getClass(), wanted.getMetadata().getName()));
        if (found == null) {
            create(wanted);
            return;
        }
        T merged = Serialization.clone(wanted);
        merged.getMetadata().setUid(found.getMetadata().getUid());
        merged.getMetadata().setResourceVersion(found.getMetadata().getResourceVersion());
        merged.getMetadata().setGeneration(found.getMetadata().getGeneration());
        merged.getMetadata().setCreationTimestamp(found.getMetadata().getCreationTimestamp());
        if (!Serialization.asJson(merged).equals(Serialization.asJson(found))) {
            store(merged);
            writes.count("apply " + text(wanted));
        }
    }

    @Override
    public <T extends HasMetadata> T replace(T object) {
        T written = edit(object);
        writes.count("replace " + text(object));
        return written;
    }

    /** Without a count: what users and controllers write. */
    public <T extends HasMetadata> T edit(T object) {
        current(object);
        T stored = Serialization.clone(object);
        stored.getMetadata().setGeneration(object.getMetadata().getGeneration() + 1);
        return store(stored);
    }

    @Override
    public <T extends CustomResource<?, ?>> T replaceStatus(T object) {
        T stored = clone(current(object));
        copyStatus(object, stored);
        T written = store(stored);
        writes.count("status of " + text(object));
        return written;
    }

    @SuppressWarnings("unchecked")
    private static <S> void copyStatus(CustomResource<?, ?> from, CustomResource<?, ?> to) {
        ((CustomResource<?, S>) to).setStatus((S) Serialization.clone(from).getStatus());
    }

    /** As kubelets do it: no version is compared. */
    public void observed(HasMetadata object) {
        if (objects.containsKey(key(object.getClass(), object.getMetadata().getName()))) {
            store(Serialization.clone(object));
        }
    }

    @Override
    public <T extends HasMetadata> void delete(Class<T> kind, String namespace, String name, String uid) {
        HasMetadata found = objects.get(key(kind, name));
        if (found == null || !found.getMetadata().getUid().equals(uid)) {
            return;
        }
        remove(kind, name);
        writes.count("delete " + text(found));
    }

    /** Pods and claims end when their kubelet says so; what a record owns goes with it. */
    public void remove(Class<? extends HasMetadata> kind, String name) {
        HasMetadata found = objects.get(key(kind, name));
        if (found == null) {
            return;
        }
        if (found instanceof Pod || found instanceof PersistentVolumeClaim) {
            if (found.getMetadata().getDeletionTimestamp() == null) {
                found.getMetadata().setDeletionTimestamp(clock.instant().toString());
                found.getMetadata().setResourceVersion(String.valueOf(++version));
            }
            return;
        }
        forget(found);
    }

    /** Gone, and with it what it owned. */
    public void forget(HasMetadata object) {
        objects.remove(key(object.getClass(), object.getMetadata().getName()));
        String uid = object.getMetadata().getUid();
        for (HasMetadata owned : List.copyOf(objects.values())) {
            if (owned.getMetadata().getOwnerReferences().stream()
                    .anyMatch(owner -> owner.getUid().equals(uid))) {
                remove(owned.getClass(), owned.getMetadata().getName());
            }
        }
    }

    public List<String> names(Class<? extends HasMetadata> kind) {
        return objects.values().stream()
                .filter(kind::isInstance)
                .map(object -> object.getMetadata().getName())
                .toList();
    }

    @SuppressWarnings("unchecked")
    private <T extends HasMetadata> T current(T object) {
        HasMetadata found =
                objects.get(key(object.getClass(), object.getMetadata().getName()));
        if (found == null
                || !found.getMetadata()
                        .getResourceVersion()
                        .equals(object.getMetadata().getResourceVersion())) {
            throw new ConflictException(text(object) + " has changed");
        }
        return (T) found;
    }

    private <T extends HasMetadata> T store(T object) {
        object.getMetadata().setResourceVersion(String.valueOf(++version));
        objects.put(key(object.getClass(), object.getMetadata().getName()), object);
        return clone(object);
    }

    private static <T> T clone(T object) {
        return Serialization.clone(object);
    }

    private static String key(Class<?> kind, String name) {
        return kind.getSimpleName() + "/" + name;
    }

    private static String text(HasMetadata object) {
        return object.getKind() + " " + object.getMetadata().getName();
    }
}
