package dev.keelson.operator.execute;

import dev.keelson.operator.certificates.CertificateException;
import dev.keelson.operator.kubernetes.Kubernetes.ConflictException;
import dev.keelson.operator.status.Failure;
import dev.keelson.operator.status.Failure.Kind;
import dev.keelson.operator.store.StoreException;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;

/** Runs parts of a pass so that none stops another, and keeps what went wrong with each. For one thread. */
final class Failures {
    private final List<Failure> found = new ArrayList<>();
    private boolean conflicts;

    /** Whether the part was done. What is not the world's fault is a mistake of ours, and ends the pass. */
    boolean guard(Kind kind, String part, Runnable work) {
        try {
            work.run();
            return true;
        } catch (ConflictException e) {
            conflicts = true;
            found.add(new Failure(kind, part, String.valueOf(e.getMessage())));
        } catch (StoreException | CertificateException | KubernetesClientException e) {
            found.add(new Failure(kind, part, String.valueOf(e.getMessage())));
        }
        return false;
    }

    /** Notes what somebody else says is wrong with a part. */
    void note(Kind kind, String part, String message) {
        found.add(new Failure(kind, part, message));
    }

    /** What went wrong, in the order in which it did. */
    List<Failure> found() {
        return List.copyOf(found);
    }

    /** Whether somebody else wrote first, so that looking again at once is worth it. */
    boolean hasConflicts() {
        return conflicts;
    }
}
