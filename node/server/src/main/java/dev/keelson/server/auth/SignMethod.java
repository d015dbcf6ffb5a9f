package dev.keelson.server.auth;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jose4j.jws.AlgorithmIdentifiers;

/** The ways to sign a token, as RFC 7518 and 8037 name them; "none" is not among them. */
public enum SignMethod {
    RS256(AlgorithmIdentifiers.RSA_USING_SHA256, Kind.RSA, 0),
    RS384(AlgorithmIdentifiers.RSA_USING_SHA384, Kind.RSA, 0),
    RS512(AlgorithmIdentifiers.RSA_USING_SHA512, Kind.RSA, 0),
    PS256(AlgorithmIdentifiers.RSA_PSS_USING_SHA256, Kind.RSA, 0),
    PS384(AlgorithmIdentifiers.RSA_PSS_USING_SHA384, Kind.RSA, 0),
    PS512(AlgorithmIdentifiers.RSA_PSS_USING_SHA512, Kind.RSA, 0),
    ES256(AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256, Kind.EC, 256),
    ES384(AlgorithmIdentifiers.ECDSA_USING_P384_CURVE_AND_SHA384, Kind.EC, 384),
    ES512(AlgorithmIdentifiers.ECDSA_USING_P521_CURVE_AND_SHA512, Kind.EC, 521),
    HS256(AlgorithmIdentifiers.HMAC_SHA256, Kind.SECRET, 0),
    HS384(AlgorithmIdentifiers.HMAC_SHA384, Kind.SECRET, 0),
    HS512(AlgorithmIdentifiers.HMAC_SHA512, Kind.SECRET, 0),
    EDDSA(AlgorithmIdentifiers.EDDSA, Kind.ED25519, 0);

    /** The kinds of keys. */
    enum Kind {
        RSA("RSA"),
        EC("EC"),
        ED25519("Ed25519"),
        SECRET("secret");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        @Override
        public String toString() {
            return label;
        }
    }

    private final String algorithm;
    private final Kind kind;
    private final int curveBits;

    SignMethod(String algorithm, Kind kind, int curveBits) {
        this.algorithm = algorithm;
        this.kind = kind;
        this.curveBits = curveBits;
    }

    /** @param algorithm as it stands in the header of a token */
    public static Optional<SignMethod> of(String algorithm) {
        return Arrays.stream(values())
                .filter(method -> method.algorithm.equals(algorithm))
                .findFirst();
    }

    /** All of them, for people. */
    public static String all() {
        return Arrays.stream(values()).map(SignMethod::algorithm).collect(Collectors.joining(", "));
    }

    /** As it stands in the header of a token. */
    public String algorithm() {
        return algorithm;
    }

    Kind kind() {
        return kind;
    }

    /** The size of the curve that goes with it, 0 where there is none. */
    int curveBits() {
        return curveBits;
    }
}
