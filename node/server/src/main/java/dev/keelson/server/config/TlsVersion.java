package dev.keelson.server.config;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The versions of TLS that are spoken, oldest first. */
enum TlsVersion {
    TLS_1_2("TLS1.2", "TLSv1.2"),
    TLS_1_3("TLS1.3", "TLSv1.3");

    private final String flagName;
    private final String javaName;

    TlsVersion(String flagName, String javaName) {
        this.flagName = flagName;
        this.javaName = javaName;
    }

    static Optional<TlsVersion> named(String name) {
        return Arrays.stream(values())
                .filter(version -> version.flagName.equals(name))
                .findFirst();
    }

    /** From the oldest to the newest, both included; null for no bound. */
    static List<TlsVersion> between(@Nullable TlsVersion oldest, @Nullable TlsVersion newest) {
        return Arrays.stream(values())
                .filter(version -> oldest == null || version.compareTo(oldest) >= 0)
                .filter(version -> newest == null || version.compareTo(newest) <= 0)
                .toList();
    }

    String javaName() {
        return javaName;
    }
}
