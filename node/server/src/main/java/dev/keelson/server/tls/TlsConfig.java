package dev.keelson.server.tls;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What TLS on one kind of port is made of.
 *
 * @param side whose ports
 * @param own what a member shows of itself
 * @param trust whom it takes for what
 * @param protocols how they speak
 */
public record TlsConfig(Side side, Own own, Trust trust, Protocols protocols) {

    /** The kinds of ports, and how their flags begin. */
    public enum Side {
        CLIENT("client", ""),
        PEER("peer", "peer-");

        private final String label;
        private final String prefix;

        Side(String label, String prefix) {
            this.label = label;
            this.prefix = prefix;
        }

        /** The name of the flag of this side, without dashes. */
        public String flag(String rest) {
            return prefix + rest;
        }

        /** The name of the flag for the list of revoked certificates, which etcd builds unlike the others. */
        public String revocationFlag() {
            return label + "-crl-file";
        }

        /** As it is called in the log. */
        public String label() {
            return label;
        }
    }

    /** Where the certificate of this side comes from. */
    public sealed interface Own {}

    /**
     * Somebody keeps it in files.
     *
     * @param dialing another pair for outgoing connections, null for the same
     */
    public record InFiles(Pair listening, @Nullable Pair dialing) implements Own {}

    /** A certificate and its key, each behind its flag. */
    public record Pair(Source certificate, Source key) {}

    /**
     * A file, and what asked for it.
     *
     * @param flag its name, without dashes
     */
    public record Source(String flag, Path path) {

        @Override
        public String toString() {
            return "--" + flag + "=" + path;
        }
    }

    /**
     * The member makes it: whoever listens cannot be seen through on the way, and nobody is verified.
     *
     * @param folder where it is kept
     * @param hosts the names and addresses it is made out for
     * @param years how long it holds
     */
    public record SelfSigned(Path folder, List<String> hosts, int years) implements Own {}

    /**
     * @param demanded whether those who connect must show a certificate
     * @param authorities who may have signed it; null for those that Java trusts
     * @param revocations certificates that no longer count
     * @param commonNames if there are any, a certificate must carry one of them
     * @param hostNames the same for the names and addresses it is made out for
     */
    public record Trust(
            boolean demanded,
            @Nullable Source authorities,
            @Nullable Source revocations,
            Set<String> commonNames,
            Set<String> hostNames) {

        /** Nobody is asked. */
        public static final Trust NOBODY_ASKED = new Trust(false, null, null, Set.of(), Set.of());
    }

    /**
     * @param versions those spoken, in Java's names
     * @param cipherSuites those used, in Java's names; empty for those that HTTP/2 allows
     */
    public record Protocols(List<String> versions, List<String> cipherSuites) {}
}
