package dev.keelson.server.config;

import dev.keelson.server.member.MemberConfig;
import dev.keelson.server.port.ListenAddress;
import dev.keelson.server.port.Security;
import dev.keelson.server.tls.TlsConfig;
import dev.keelson.server.tls.TlsConfig.Side;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Checks the flags about TLS against each other and against the addresses, for clients and for members alike. */
final class TlsFlags {

    private static final String MIN = "tls-min-version";
    private static final String MAX = "tls-max-version";
    private static final String VALIDITY = "self-signed-cert-validity";
    private static final int YEARS_MAX = 1_000;

    private final FlagValues flags;
    private final MemberConfig.Addresses addresses;
    private final Path dataDirectory;
    private final List<String> warnings;

    TlsFlags(FlagValues flags, MemberConfig.Addresses addresses, Path dataDirectory, List<String> warnings) {
        this.flags = flags;
        this.addresses = addresses;
        this.dataDirectory = dataDirectory;
        this.warnings = warnings;
    }

    MemberConfig.Tls toConfig() {
        TlsConfig.Protocols protocols = protocols();
        List<ListenAddress> clients = Stream.concat(addresses.client().stream(), addresses.metrics().stream())
                .toList();
        TlsConfig client = side(Side.CLIENT, clients, protocols);
        return new MemberConfig.Tls(client, side(Side.PEER, addresses.peer(), protocols));
    }

    private TlsConfig.Protocols protocols() {
        List<TlsVersion> versions = TlsVersion.between(version(MIN), version(MAX));
        if (versions.isEmpty()) {
            throw new FlagException("--" + MIN + "=" + flags.text(MIN) + " is greater than --" + MAX + "="
                    + flags.text(MAX) + "; raise the one or lower the other");
        }
        String given = flags.text(CipherSuites.FLAG);
        if (!given.isEmpty() && !versions.contains(TlsVersion.TLS_1_2)) {
            throw new FlagException("--" + CipherSuites.FLAG + "=" + given
                    + ": cipher suites cannot be configured when only TLS1.3 is enabled; leave the flag out, or lower --"
                    + MIN);
        }
        return new TlsConfig.Protocols(
                versions.stream().map(TlsVersion::javaName).toList(), CipherSuites.parse(given));
    }

    private @Nullable TlsVersion version(String flag) {
        String given = flags.text(flag);
        if (given.isEmpty()) {
            return null;
        }
        return TlsVersion.named(given)
                .orElseThrow(() -> new FlagException("--" + flag + "=" + given + ": unexpected TLS version \"" + given
                        + "\"; give TLS1.2 or TLS1.3"));
    }

    private @Nullable TlsConfig side(Side side, List<ListenAddress> listening, TlsConfig.Protocols protocols) {
        TlsConfig.Own own = own(side, listening);
        TlsConfig.Trust trust = trust(side);
        ListenAddress secure = listening.stream()
                .filter(address -> address.security() != Security.PLAIN)
                .findFirst()
                .orElse(null);
        if (own == null) {
            if (secure != null) {
                throw new FlagException("--" + secure.flag() + ": https://" + secure + " needs a certificate; give --"
                        + side.flag("cert-file") + " and --" + side.flag("key-file") + ", or --"
                        + side.flag("auto-tls"));
            }
            if (trust.demanded()) {
                warnings.add("nobody is asked for a certificate on http URLs: --" + side.flag("client-cert-auth")
                        + " and --" + side.flag("trusted-ca-file") + " have no effect there");
            }
            return null;
        }
        listening.stream()
                .filter(address -> address.security() == Security.PLAIN)
                .filter(address -> !address.flag().equals("listen-metrics-urls"))
                .forEach(address -> warnings.add("scheme is http while key and cert files are present; --"
                        + address.flag() + ": http://" + address + " is served in the clear"));
        checkAllowed(side, own, trust);
        return new TlsConfig(side, own, trust, protocols);
    }

    private TlsConfig.@Nullable Own own(Side side, List<ListenAddress> listening) {
        TlsConfig.Pair given = pair(side.flag("cert-file"), side.flag("key-file"));
        boolean automatic = flags.isOn(side.flag("auto-tls"));
        if (given != null) {
            if (automatic) {
                warnings.add("ignoring --" + side.flag("auto-tls") + " since " + given.certificate() + " is given");
            }
            // For clients the second pair is for calls of a member to itself, which are not made.
            return new TlsConfig.InFiles(
                    given, side == Side.PEER ? pair("peer-client-cert-file", "peer-client-key-file") : null);
        }
        if (!automatic) {
            return null;
        }
        long years = flags.number(VALIDITY);
        if (years <= 0 || years > YEARS_MAX) {
            throw new FlagException(
                    "--" + VALIDITY + "=" + years + ": it is a number of years; give 1 to " + YEARS_MAX);
        }
        return new TlsConfig.SelfSigned(
                dataDirectory.resolve("fixtures").resolve(side.label()),
                listening.stream()
                        .filter(address -> !address.flag().equals("listen-metrics-urls"))
                        .map(ListenAddress::host)
                        .distinct()
                        .toList(),
                (int) years);
    }

    private TlsConfig.@Nullable Pair pair(String certificate, String key) {
        TlsConfig.Source first = source(certificate);
        TlsConfig.Source second = source(key);
        if (first != null && second != null) {
            return new TlsConfig.Pair(first, second);
        }
        if (first != null || second != null) {
            throw new FlagException((first != null ? first + ": --" + key : second + ": --" + certificate)
                    + " is missing; give both or neither");
        }
        return null;
    }

    private TlsConfig.@Nullable Source source(String flag) {
        String given = flags.text(flag);
        return given.isEmpty() ? null : new TlsConfig.Source(flag, Path.of(given));
    }

    private TlsConfig.Trust trust(Side side) {
        TlsConfig.Source authorities = source(side.flag("trusted-ca-file"));
        return new TlsConfig.Trust(
                authorities != null || flags.isOn(side.flag("client-cert-auth")),
                authorities,
                source(side.revocationFlag()),
                side == Side.PEER ? names("peer-cert-allowed-cn") : Set.of(),
                names(side == Side.PEER ? "peer-cert-allowed-hostname" : "client-cert-allowed-hostname"));
    }

    private Set<String> names(String flag) {
        return Arrays.stream(flags.text(flag).split(",", -1))
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void checkAllowed(Side side, TlsConfig.Own own, TlsConfig.Trust trust) {
        if (!trust.commonNames().isEmpty() && !trust.hostNames().isEmpty()) {
            throw new FlagException("--peer-cert-allowed-cn=" + String.join(",", trust.commonNames())
                    + " and --peer-cert-allowed-hostname=" + String.join(",", trust.hostNames())
                    + " are mutually exclusive; leave one of them out");
        }
        boolean limited = trust.revocations() != null
                || !trust.commonNames().isEmpty()
                || !trust.hostNames().isEmpty();
        String authorities = "--" + side.flag("trusted-ca-file");
        if (own instanceof TlsConfig.SelfSigned && (trust.demanded() || limited)) {
            throw new FlagException("--" + side.flag("auto-tls")
                    + "=true: nobody is verified by certificates that members make for themselves; give --"
                    + side.flag("cert-file") + " and --" + side.flag("key-file") + ", or leave out " + authorities
                    + " and all that goes with it");
        }
        if (limited && !trust.demanded()) {
            throw new FlagException("--" + limit(side, trust) + " is about certificates that nobody is asked for; give "
                    + authorities + ", or leave the flag out");
        }
        if (trust.demanded() && trust.authorities() == null) {
            warnings.add(authorities + " is not given: certificates of every authority that Java trusts are accepted");
        }
    }

    private static String limit(Side side, TlsConfig.Trust trust) {
        if (trust.revocations() != null) {
            return side.revocationFlag();
        }
        return trust.commonNames().isEmpty() ? side.label() + "-cert-allowed-hostname" : "peer-cert-allowed-cn";
    }
}
