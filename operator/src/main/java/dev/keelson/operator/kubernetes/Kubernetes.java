package dev.keelson.operator.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.Serial;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The port to the API of Kubernetes. Reads go to the server, never to a cache: what is decided on what was read must not be
 * decided on the past. A write that another one came before fails with {@link ConflictException}, and is decided anew.
 */
public interface Kubernetes {
    <T extends HasMetadata> @Nullable T get(Class<T> kind, String namespace, String name);

    <T extends HasMetadata> List<T> list(Class<T> kind, String namespace, Map<String, String> labels);

    <T extends HasMetadata> T create(T object);

    /** Makes the object what is wanted, as far as that says something; creates it where it is missing. */
    <T extends HasMetadata> void apply(T wanted);

    /** Writes an object back that was read, unless somebody else wrote it meanwhile. */
    <T extends HasMetadata> T replace(T object);

    /** Writes the status of an object that was read, unless somebody else wrote it meanwhile. */
    <T extends CustomResource<?, ?>> T replaceStatus(T object);

    /** Asks for the end of exactly this object; it is no error that it is gone. */
    <T extends HasMetadata> void delete(Class<T> kind, String namespace, String name, String uid);

    /** Somebody else wrote first, or the name is taken. */
    final class ConflictException extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1L;

        public ConflictException(String message) {
            super(message);
        }
    }
}
