package dev.keelson.operator.execute;

import dev.keelson.operator.kubernetes.Kubernetes.ConflictException;
import dev.keelson.operator.store.StoreException;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Runs parts of a pass so that none stops another, and keeps what went wrong with each. For one thread. */
public final class Failures {
    private final Map<String, String> messages = new LinkedHashMap<>();
    private boolean conflicts;

    /** Whether the part was done. What is not the world's fault is a mistake of ours, and ends the pass. */
    boolean guard(String part, Runnable work) {
        try {
            work.run();
            return true;
        } catch (ConflictException e) {
            conflicts = true;
            messages.put(part, String.valueOf(e.getMessage()));
        } catch (StoreException | KubernetesClientException e) {
            messages.put(part, String.valueOf(e.getMessage()));
        }
        return false;
    }

    /** Notes what somebody else says is wrong with a part. */
    void note(String part, String message) {
        messages.put(part, message);
    }

    /** What went wrong, by part. */
    public Map<String, String> messages() {
        return Map.copyOf(messages);
    }

    /** Whether somebody else wrote first, so that looking again at once is worth it. */
    boolean hasConflicts() {
        return conflicts;
    }
}
