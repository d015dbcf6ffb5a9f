package dev.keelson.e2e.harness;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** An authority that signs certificates for members and clients on this machine, by the JDK's keytool. */
public final class Authority {

    private static final String PASSWORD = "keelson";
    private static final String ALIAS = "authority";
    private static final int LINE_CHARACTERS = 64;

    private final Path folder;
    private final Path store;

    /** @param folder a new one, where its files go */
    public Authority(Path folder, String name) {
        this.folder = folder;
        this.store = folder.resolve("keys.p12");
        try {
            Files.createDirectories(folder);
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
        generate(ALIAS, "CN=" + name, "-ext", "bc:c");
        export(folder.resolve("ca.pem"), "CERTIFICATE", certificate(ALIAS));
    }

    /** A certificate and its key, in files. */
    public record Pair(Path certificate, Path key) {

        /** Takes the place of another, in two steps that each are done at once or not at all. */
        public void replace(Pair other) {
            move(certificate, other.certificate);
            move(key, other.key);
        }
    }

    /** Puts a copy of a file in the place of another at once. */
    public static void move(Path source, Path place) {
        try {
            Path copy = place.resolveSibling(place.getFileName() + ".new");
            Files.copy(source, copy, StandardCopyOption.REPLACE_EXISTING);
            Files.move(copy, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Its own certificate. */
    public Path bundle() {
        return folder.resolve("ca.pem");
    }

    /** Its own certificate and that of another, in one file. */
    public Path bundleWith(Authority other) {
        try {
            return Files.writeString(
                    folder.resolve("both.pem"), Files.readString(bundle()) + Files.readString(other.bundle()));
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Signs a certificate for the loopback address. */
    public Pair issue(String name) {
        generate(name, "CN=" + name, "-signer", ALIAS, "-ext", "san=ip:127.0.0.1,dns:localhost");
        var pair = new Pair(folder.resolve(name + ".pem"), folder.resolve(name + ".key"));
        export(pair.certificate(), "CERTIFICATE", certificate(name));
        export(pair.key(), "PRIVATE KEY", key(name));
        return pair;
    }

    private void generate(String alias, String subject, String... more) {
        var words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD,
                "-alias",
                alias,
                "-dname",
                subject,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1"));
        words.addAll(List.of(more));
        Run.command(words).mustSucceed();
    }

    private KeyStore open() throws IOException, GeneralSecurityException {
        var keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    private byte[] certificate(String alias) {
        try {
            Certificate found = open().getCertificate(alias);
            return found.getEncoded();
        } catch (IOException | GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private byte[] key(String alias) {
        try {
            return open().getKey(alias, PASSWORD.toCharArray()).getEncoded();
        } catch (IOException | GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static void export(Path path, String kind, byte[] bytes) {
        byte[] line = "\n".getBytes(StandardCharsets.US_ASCII);
        try {
            Files.writeString(
                    path,
                    "-----BEGIN " + kind + "-----\n"
                            + Base64.getMimeEncoder(LINE_CHARACTERS, line).encodeToString(bytes) + "\n-----END " + kind
                            + "-----\n");
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
