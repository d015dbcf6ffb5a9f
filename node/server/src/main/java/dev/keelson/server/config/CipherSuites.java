package dev.keelson.server.config;

import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.SSLContext;

/** The cipher suites of a flag: those of Java, in the names they have in the standards, and two of etcd's own. */
final class CipherSuites {

    static final String FLAG = "cipher-suites";

    /** Names that etcd had before there was a standard. */
    private static final Map<String, String> OTHER_NAMES = Map.of(
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256");

    private CipherSuites() {}

    /** In the order given, none for an empty text. */
    static List<String> parse(String given) {
        if (given.isEmpty()) {
            return List.of();
        }
        Set<String> known = known();
        return Arrays.stream(given.split(",", -1))
                .map(String::strip)
                .map(name -> OTHER_NAMES.getOrDefault(name, name))
                .map(name -> {
                    if (!known.contains(name)) {
                        throw new FlagException("--" + FLAG + "=" + given + ": unexpected TLS cipher suite \"" + name
                                + "\"; give some of " + String.join(",", known));
                    }
                    return name;
                })
                .toList();
    }

    private static Set<String> known() {
        try {
            return new TreeSet<>(Arrays.asList(
                    SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites()));
        } catch (NoSuchAlgorithmException failure) {
            throw new IllegalStateException("this Java has no TLS", failure);
        }
    }
}
