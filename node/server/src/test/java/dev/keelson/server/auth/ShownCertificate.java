package dev.keelson.server.auth;

import java.lang.reflect.Proxy;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** Sessions of clients that have shown a certificate, or none. */
final class ShownCertificate {

    private ShownCertificate() {}

    /** @param subject null for a client that has shown none */
    static SSLSession session(@Nullable String subject) {
        Map<Object, Object> values = new HashMap<>();
        return (SSLSession) Proxy.newProxyInstance(
                SSLSession.class.getClassLoader(),
                new Class<?>[] {SSLSession.class},
                (_, method, arguments) -> switch (method.getName()) {
                    case "getValue" -> values.get(arguments[0]);
                    case "putValue" -> {
                        values.put(arguments[0], arguments[1]);
                        yield null;
                    }
                    case "getPeerCertificates" -> {
                        if (subject == null) {
                            throw new SSLPeerUnverifiedException("none was shown");
                        }
                        yield new Certificate[] {certificate(subject)};
                    }
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private static Certificate certificate(String subject) throws Exception {
        KeyPair keys = KeyFiles.make("secp256r1");
        Instant now = Instant.now();
        return new JcaX509CertificateConverter()
                .getCertificate(new JcaX509v3CertificateBuilder(
                                new X500Name("CN=authority"),
                                BigInteger.ONE,
                                Date.from(now),
                                Date.from(now.plus(Duration.ofDays(1))),
                                new X500Name(subject),
                                keys.getPublic())
                        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    }
}
