package dev.keelson.backup.seal;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The keys at hand: what is written is sealed with the first, what is read may be sealed with any; none seals nothing. */
public record KeyRing(List<SealKey> keys) {

    /** No key: objects are written in the clear. */
    public static final KeyRing NONE = new KeyRing(List.of());

    public KeyRing {
        keys = List.copyOf(keys);
    }

    /** The key that what is written is sealed with, null for none. */
    public @Nullable SealKey first() {
        return keys.isEmpty() ? null : keys.getFirst();
    }

    /**
     * The key of that id.
     *
     * @param object that asks for it
     * @throws SealException when it is not at hand
     */
    public SealKey byId(String id, String object) {
        return keys.stream()
                .filter(key -> key.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new SealException("object " + object + " is sealed with key " + id + ", "
                        + (keys.isEmpty()
                                ? "and no key was given"
                                : "those given are "
                                        + keys.stream().map(SealKey::id).collect(Collectors.joining(", ")))
                        + "; give the file of that key with --key-file"));
    }
}
