package dev.keelson.server.auth;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.Key;
import java.security.PublicKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.params.RSAPrivateCrtKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.jspecify.annotations.Nullable;

/**
 * The keys that tokens are signed with and verified by; they fit the method and each other.
 *
 * @param signing null for one who only verifies
 */
record TokenKeys(@Nullable Key signing, Key verifying) {

    /** What can be guessed counts as no secret: whoever has one token can try all of them at leisure. */
    private static final int SECRET_BYTES_MIN = 16;

    private static final int RSA_BITS_MIN = 2_048;
    private static final long FILE_BYTES_MAX = 1 << 20;

    private static final String FLAG = "--auth-token";

    /** @throws TokenKeyException when a file cannot be read, or what it holds does not fit */
    static TokenKeys read(TokenConfig.Signed config) {
        SignMethod method = config.method();
        Path privateKey = config.privateKey();
        if (method.kind() == SignMethod.Kind.SECRET) {
            if (privateKey == null) {
                throw new TokenKeyException(FLAG + ": sign-method=" + method.algorithm()
                        + " needs a secret (missing key data); name its file with priv-key=");
            }
            Key secret = secret(privateKey);
            return new TokenKeys(secret, secret);
        }
        PrivateKeyInfo own = privateKey == null ? null : privateKey(privateKey);
        SubjectPublicKeyInfo derived = privateKey == null || own == null ? null : publicOf(privateKey, own);
        SubjectPublicKeyInfo given = config.publicKey() == null ? null : publicKey(config.publicKey());
        if (derived != null && given != null && !derived.equals(given)) {
            throw new TokenKeyException(FLAG + ": pub-key=" + config.publicKey() + " and priv-key=" + privateKey
                    + " don't match; give the two of one pair, or the private one alone");
        }
        SubjectPublicKeyInfo known = given != null ? given : derived;
        if (known == null) {
            throw new TokenKeyException(FLAG + ": sign-method=" + method.algorithm()
                    + " needs a key (missing key data); name its file with priv-key=, or with pub-key= to verify only");
        }
        return of(method, own, known);
    }

    private static TokenKeys of(SignMethod method, @Nullable PrivateKeyInfo own, SubjectPublicKeyInfo known) {
        var converter = new JcaPEMKeyConverter();
        try {
            PublicKey verifying = converter.getPublicKey(known);
            requireFit(method, verifying);
            return new TokenKeys(own == null ? null : converter.getPrivateKey(own), verifying);
        } catch (IOException unusable) {
            throw new TokenKeyException(
                    FLAG + ": the key cannot be used (" + unusable.getMessage() + "); give one that Java supports",
                    unusable);
        }
    }

    private static void requireFit(SignMethod method, PublicKey key) {
        String kind = key.getAlgorithm();
        boolean fits = switch (method.kind()) {
            case RSA -> key instanceof RSAKey;
            case EC ->
                key instanceof ECKey ec && ec.getParams().getCurve().getField().getFieldSize() == method.curveBits();
            case ED25519 -> kind.equals("EdDSA") || kind.equals("Ed25519");
            case SECRET -> false;
        };
        if (!fits) {
            throw new TokenKeyException(FLAG + ": sign-method=" + method.algorithm() + " needs a key of kind "
                    + method.kind() + (method.curveBits() == 0 ? "" : " of " + method.curveBits() + " bits")
                    + ", and this one is of kind " + kind + "; change the one or the other");
        }
        if (key instanceof RSAKey rsa && rsa.getModulus().bitLength() < RSA_BITS_MIN) {
            throw new TokenKeyException(FLAG + ": the RSA key has "
                    + rsa.getModulus().bitLength() + " bits, and can be broken; give one of at least " + RSA_BITS_MIN);
        }
    }

    private static Key secret(Path path) {
        byte[] bytes = read(path);
        if (bytes.length < SECRET_BYTES_MIN) {
            throw new TokenKeyException(FLAG + ": the secret in priv-key=" + path + " has " + bytes.length
                    + " bytes, and can be guessed; give one of at least " + SECRET_BYTES_MIN);
        }
        return new SecretKeySpec(bytes, "HMAC");
    }

    private static PrivateKeyInfo privateKey(Path path) {
        for (Object each : objects(path)) {
            switch (each) {
                case PEMKeyPair pair -> {
                    return pair.getPrivateKeyInfo();
                }
                case PrivateKeyInfo key -> {
                    return key;
                }
                // Parameters of a curve come before the key they belong to, certificates anywhere.
                default -> {}
            }
        }
        throw new TokenKeyException(
                FLAG + ": priv-key=" + path + " has no private key; give a PEM file with one, without a password");
    }

    private static SubjectPublicKeyInfo publicKey(Path path) {
        for (Object each : objects(path)) {
            switch (each) {
                case SubjectPublicKeyInfo key -> {
                    return key;
                }
                case X509CertificateHolder certificate -> {
                    return certificate.getSubjectPublicKeyInfo();
                }
                default -> {}
            }
        }
        throw new TokenKeyException(
                FLAG + ": pub-key=" + path + " has no public key; give a PEM file with one, or with a certificate");
    }

    private static SubjectPublicKeyInfo publicOf(Path path, PrivateKeyInfo own) {
        try {
            return SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(publicOf(PrivateKeyFactory.createKey(own)));
        } catch (IOException | RuntimeException unusable) {
            throw new TokenKeyException(
                    FLAG + ": the key in priv-key=" + path + " cannot be used (" + unusable.getMessage()
                            + "); give one of RSA, of a curve or of Ed25519",
                    unusable);
        }
    }

    private static AsymmetricKeyParameter publicOf(AsymmetricKeyParameter own) {
        return switch (own) {
            case RSAPrivateCrtKeyParameters rsa ->
                new RSAKeyParameters(false, rsa.getModulus(), rsa.getPublicExponent());
            case ECPrivateKeyParameters ec ->
                new ECPublicKeyParameters(
                        new FixedPointCombMultiplier()
                                .multiply(ec.getParameters().getG(), ec.getD()),
                        ec.getParameters());
            case Ed25519PrivateKeyParameters ed -> ed.generatePublicKey();
            default ->
                throw new IllegalArgumentException(
                        "its kind is " + own.getClass().getSimpleName());
        };
    }

    private static List<Object> objects(Path path) {
        String text = new String(read(path), StandardCharsets.ISO_8859_1);
        try (var parser = new PEMParser(new StringReader(text))) {
            var objects = new ArrayList<>();
            for (Object found = parser.readObject(); found != null; found = parser.readObject()) {
                objects.add(found);
            }
            return objects;
        } catch (IOException malformed) {
            throw new TokenKeyException(
                    FLAG + ": the key in " + path + " cannot be read (" + malformed.getMessage()
                            + "); give a whole PEM file",
                    malformed);
        }
    }

    private static byte[] read(Path path) {
        try {
            if (Files.size(path) > FILE_BYTES_MAX) {
                throw new TokenKeyException(FLAG + ": " + path + " has more than " + FILE_BYTES_MAX + " bytes");
            }
            return Files.readAllBytes(path);
        } catch (IOException failure) {
            String reason = switch (failure) {
                case NoSuchFileException _ -> "there is no such file";
                case AccessDeniedException _ -> "this process may not read it";
                default -> "it cannot be read (" + failure.getMessage() + ")";
            };
            throw new TokenKeyException(
                    FLAG + ": " + path + ": " + reason + "; give a file that this process may read", failure);
        }
    }

    /** Without the keys, which belong into no log. */
    @Override
    public String toString() {
        return signing == null ? "key to verify tokens" : "keys to sign and verify tokens";
    }
}
