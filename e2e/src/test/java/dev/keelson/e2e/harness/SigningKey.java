package dev.keelson.e2e.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;

/** A key that tokens are signed with, in a file. */
public final class SigningKey {

    private static final int RSA_BITS = 2_048;
    private static final int SECRET_BYTES = 32;
    private static final int LINE_CHARACTERS = 64;

    private SigningKey() {}

    /** The flag for tokens that are signed by this method, with a new key in the folder. */
    public static String flag(Path folder, String method) {
        Path file = folder.resolve(method + ".key");
        try {
            Files.write(file, key(method));
        } catch (IOException | GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
        }
        return "--auth-token=jwt,sign-method=" + method + ",priv-key=" + file;
    }

    private static byte[] key(String method) throws GeneralSecurityException {
        return switch (method.substring(0, 2)) {
            case "RS", "PS" -> {
                var keys = KeyPairGenerator.getInstance("RSA");
                keys.initialize(RSA_BITS);
                yield pem(keys.generateKeyPair().getPrivate());
            }
            case "ES" -> {
                var keys = KeyPairGenerator.getInstance("EC");
                keys.initialize(new ECGenParameterSpec(method.equals("ES256") ? "secp256r1" : "secp384r1"));
                yield pem(keys.generateKeyPair().getPrivate());
            }
            case "Ed" ->
                pem(KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate());
            default -> {
                byte[] secret = new byte[SECRET_BYTES];
                new SecureRandom().nextBytes(secret);
                yield secret;
            }
        };
    }

    private static byte[] pem(PrivateKey key) {
        byte[] line = "\n".getBytes(StandardCharsets.US_ASCII);
        String text = Base64.getMimeEncoder(LINE_CHARACTERS, line).encodeToString(key.getEncoded());
        return ("-----BEGIN PRIVATE KEY-----\n" + text + "\n-----END PRIVATE KEY-----\n")
                .getBytes(StandardCharsets.US_ASCII);
    }
}
