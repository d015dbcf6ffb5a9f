package dev.keelson.server.auth;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;

/** Keys of every kind, and the files that they are read from. */
final class KeyFiles {

    private KeyFiles() {}

    /** @param what a size of RSA, the name of a curve, or Ed25519 */
    static KeyPair make(String what) throws GeneralSecurityException {
        if (what.matches("\\d+")) {
            var rsa = KeyPairGenerator.getInstance("RSA");
            rsa.initialize(Integer.parseInt(what));
            return rsa.generateKeyPair();
        }
        if (what.equals("Ed25519")) {
            return KeyPairGenerator.getInstance(what).generateKeyPair();
        }
        var curve = KeyPairGenerator.getInstance("EC");
        curve.initialize(new ECGenParameterSpec(what));
        return curve.generateKeyPair();
    }

    static Path privateKey(Path folder, KeyPair keys) throws IOException {
        return write(folder, new JcaPKCS8Generator(keys.getPrivate(), null));
    }

    static Path publicKey(Path folder, KeyPair keys) throws IOException {
        return write(folder, keys.getPublic());
    }

    static Path secret(Path folder, int bytes) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "secret", ""), "s".repeat(bytes));
    }

    private static Path write(Path folder, Object key) throws IOException {
        var text = new StringWriter();
        try (var pem = new JcaPEMWriter(text)) {
            pem.writeObject(key);
        }
        return Files.writeString(Files.createTempFile(folder, "key", ".pem"), text.toString());
    }
}
