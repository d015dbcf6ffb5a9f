package dev.keelson.backup.seal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A user's key: 32 bytes, told from others by an id that says nothing of it. */
public final class SealKey {

    /** Bytes of a key of AES-256. */
    public static final int BYTES = 32;

    static final int ID_BYTES = 8;

    private static final String MAC = "HmacSHA256";
    private static final int FILE_BYTES_MAX = 1_024;

    private final byte[] key;
    private final byte[] id;

    public SealKey(byte[] key) {
        if (key.length != BYTES) {
            throw new SealException("a key has " + BYTES + " bytes, this one has " + key.length);
        }
        this.key = key.clone();
        this.id = Arrays.copyOf(derive("id"), ID_BYTES);
    }

    /**
     * Reads a key from a file: 32 bytes, or the same as hexadecimal digits or in base64.
     *
     * @throws SealException when there is none in it
     */
    public static SealKey read(Path file) {
        try {
            if (Files.size(file) > FILE_BYTES_MAX) {
                throw new SealException(file + " is too long for a key; give 32 bytes, or the same in base64");
            }
            byte[] content = Files.readAllBytes(file);
            return new SealKey(content.length == BYTES ? content : decode(file, content));
        } catch (IOException cause) {
            throw new SealException("cannot read the key " + file + ": " + cause, cause);
        }
    }

    private static byte[] decode(Path file, byte[] content) {
        String text = new String(content, StandardCharsets.ISO_8859_1).strip();
        try {
            byte[] key = text.length() == 2 * BYTES
                    ? HexFormat.of().parseHex(text)
                    : Base64.getDecoder().decode(text);
            if (key.length == BYTES) {
                return key;
            }
        } catch (IllegalArgumentException malformed) {
            throw new SealException(
                    file + " holds no key; make one with: openssl rand -base64 32 > " + file, malformed);
        }
        throw new SealException(file + " holds no key; make one with: openssl rand -base64 32 > " + file);
    }

    /** A key for one purpose, from which nothing follows for this one. */
    private byte[] derive(String purpose) {
        return mac(("keelson backup: " + purpose).getBytes(StandardCharsets.US_ASCII));
    }

    private byte[] mac(byte[] message) {
        return mac(key, message);
    }

    private static byte[] mac(byte[] key, byte[] message) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(key, MAC));
            return mac.doFinal(message);
        } catch (NoSuchAlgorithmException | InvalidKeyException missing) {
            throw new IllegalStateException("every Java platform has " + MAC, missing);
        }
    }

    /** What only those who have the key can say of a message. */
    public byte[] sign(byte[] message) {
        return mac(derive("signature"), message);
    }

    /** Whether that signature is the one of that message. */
    public boolean isSigned(byte[] message, byte[] signature) {
        return MessageDigest.isEqual(sign(message), signature);
    }

    byte[] idBytes() {
        return id.clone();
    }

    /** Its id, in hexadecimal. */
    public String id() {
        return HexFormat.of().formatHex(id);
    }

    SecretKeySpec wrapping() {
        return new SecretKeySpec(derive("wrapping"), "AES");
    }

    @Override
    public String toString() {
        return "key " + id();
    }
}
