package dev.keelson.server.auth;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.jspecify.annotations.Nullable;

/**
 * Tells who makes a call, by the token it brings or else by the certificate its client has shown.
 *
 * <p>A certificate counts only where clients must show one, for only then it was verified, and only on the connection of the
 * call itself: the JSON gateway makes its calls without one.
 *
 * <p>Thread rule: from any thread; does not block.
 */
public final class Callers {

    private static final Metadata.Key<String> TOKEN = Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final String BEARER = "Bearer ";

    /** Where a session keeps the name, so that it is looked for once a connection. */
    private static final String COMMON_NAME = "keelson.common-name";

    private final Tokens tokens;
    private final boolean certificates;

    /** @param certificates whether clients must show certificates, so that the names in them count */
    public Callers(Tokens tokens, boolean certificates) {
        this.tokens = tokens;
        this.certificates = certificates;
    }

    /**
     * Who makes the call; asked only while it matters, that is while users are told apart.
     *
     * @param transport the attributes of the call
     */
    public Caller of(Metadata metadata, Attributes transport, Tokens.Progress at) {
        String token = token(metadata);
        if (token != null) {
            return tokens.find(token, at);
        }
        SSLSession session = certificates ? transport.get(Grpc.TRANSPORT_ATTR_SSL_SESSION) : null;
        String name = session == null ? "" : commonName(session);
        return name.isEmpty() ? Caller.Unknown.NOBODY : new Caller.User(name, at.revision());
    }

    private static @Nullable String token(Metadata metadata) {
        Iterable<String> given = metadata.getAll(TOKEN);
        if (given == null) {
            given = metadata.getAll(AUTHORIZATION);
        }
        if (given == null) {
            return null;
        }
        // Of several the first counts, as with etcd.
        String first = given.iterator().next();
        return first.startsWith(BEARER) ? first.substring(BEARER.length()) : first;
    }

    private static String commonName(SSLSession session) {
        if (session.getValue(COMMON_NAME) instanceof String known) {
            return known;
        }
        String name;
        try {
            name = commonName((X509Certificate) session.getPeerCertificates()[0]);
        } catch (SSLPeerUnverifiedException _) {
            name = "";
        }
        session.putValue(COMMON_NAME, name);
        return name;
    }

    /** The last one, where a subject has several; empty where it has none. */
    private static String commonName(X509Certificate certificate) {
        RDN[] names = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded())
                .getRDNs(BCStyle.CN);
        if (names.length == 0) {
            return "";
        }
        for (var each : names[names.length - 1].getTypesAndValues()) {
            if (each.getType().equals(BCStyle.CN)) {
                return IETFUtils.valueToString(each.getValue());
            }
        }
        return "";
    }
}
