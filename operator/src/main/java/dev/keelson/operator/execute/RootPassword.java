package dev.keelson.operator.execute;

import dev.keelson.operator.api.AuthSpec;
import dev.keelson.operator.api.KeelsonCluster;
import dev.keelson.operator.dependent.Names;
import dev.keelson.operator.dependent.Owned;
import dev.keelson.operator.kubernetes.Kubernetes;
import dev.keelson.operator.store.Store;
import dev.keelson.operator.store.StoreException;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The password of the root user: the user's own Secret says which one is wanted, and one of the operator's says which one the
 * store was given. The second is written before the store is asked, so that of the two one always lets the operator in.
 */
final class RootPassword {
    private static final String KEY = "password";

    private final Kubernetes kubernetes;
    private final KeelsonCluster cluster;
    private AuthSpec.@Nullable SecretKey missing;

    RootPassword(Kubernetes kubernetes, KeelsonCluster cluster) {
        this.kubernetes = kubernetes;
        this.cluster = cluster;
    }

    /** The wanted one first, then the one in force; none where no cluster ever wanted one. */
    List<String> candidates() {
        Set<String> passwords = new LinkedHashSet<>();
        AuthSpec.SecretKey wanted = cluster.getSpec().auth().rootPasswordSecret();
        if (wanted != null) {
            String password = text(read(wanted.name()), wanted.key());
            if (password != null) {
                passwords.add(password);
            } else {
                missing = cluster.getSpec().auth().enabled() ? wanted : null;
            }
        }
        String inForce = text(read(Names.of(cluster).rootSecret()), KEY);
        if (inForce != null) {
            passwords.add(inForce);
        }
        return List.copyOf(passwords);
    }

    /** Puts another password in force, if the wanted one is not. */
    void renew(Store store, List<String> candidates) {
        if (missing != null) {
            throw new StoreException("the Secret " + missing.name() + " has no " + missing.key()
                    + ", which is to be the password of the root user");
        }
        if (store.renewRootPassword()) {
            keep(candidates.getFirst());
        }
    }

    /** Writes down which one is in force, or is about to be. */
    void keep(String password) {
        String name = Names.of(cluster).rootSecret();
        Secret kept = read(name);
        Map<String, String> data =
                Map.of(KEY, Base64.getEncoder().encodeToString(password.getBytes(StandardCharsets.UTF_8)));
        if (kept == null) {
            kubernetes.create(new SecretBuilder()
                    .withMetadata(Owned.metadata(cluster, name).build())
                    .withType("Opaque")
                    .withData(data)
                    .build());
        } else if (!data.equals(kept.getData())) {
            if (!Owned.isOf(cluster, kept)) {
                throw new Kubernetes.ConflictException("the Secret " + name + " is not of this cluster");
            }
            kept.setData(data);
            kubernetes.replace(kept);
        }
    }

    private @Nullable Secret read(String name) {
        return kubernetes.get(Secret.class, cluster.getMetadata().getNamespace(), name);
    }

    private static @Nullable String text(@Nullable Secret secret, String key) {
        String value = secret == null || secret.getData() == null
                ? null
                : secret.getData().get(key);
        return value == null || value.isEmpty()
                ? null
                : new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
    }
}
