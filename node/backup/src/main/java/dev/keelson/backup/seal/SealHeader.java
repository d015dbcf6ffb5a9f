package dev.keelson.backup.seal;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a sealed object begins with: magic number, bytes of a chunk, the id of the user's key, and the object's own key
 * wrapped by that one.
 *
 * <p>The wrapping answers for all of it and for the name of the object too: under another name it does not open.
 */
record SealHeader(byte[] bytes, SecretKeySpec dataKey, int chunkBytes) {

    static final int NONCE_BYTES = 12;
    static final int TAG_BYTES = 16;
    static final int TAG_BITS = TAG_BYTES * Byte.SIZE;
    static final String CIPHER = "AES/GCM/NoPadding";

    private static final byte[] MAGIC = "KEELSON\1".getBytes(StandardCharsets.US_ASCII);
    private static final int CHUNK_BYTES = 1 << 16;
    private static final int CHUNK_BYTES_MAX = 1 << 20;
    private static final int WRAPPED_BYTES = SealKey.BYTES + TAG_BYTES;
    private static final int PLAIN_BYTES = MAGIC.length + Integer.BYTES + SealKey.ID_BYTES;
    private static final int BYTES = PLAIN_BYTES + NONCE_BYTES + WRAPPED_BYTES;

    /** A header with a new key of the object's own. */
    static SealHeader make(String object, SealKey key, SecureRandom random) {
        byte[] dataKey = new byte[SealKey.BYTES];
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(dataKey);
        random.nextBytes(nonce);
        byte[] plain = ByteBuffer.allocate(PLAIN_BYTES)
                .put(MAGIC)
                .putInt(CHUNK_BYTES)
                .put(key.idBytes())
                .array();
        try {
            byte[] wrapped =
                    wrapping(Cipher.ENCRYPT_MODE, key, nonce, plain, object).doFinal(dataKey);
            byte[] bytes = ByteBuffer.allocate(BYTES)
                    .put(plain)
                    .put(nonce)
                    .put(wrapped)
                    .array();
            return new SealHeader(bytes, new SecretKeySpec(dataKey, "AES"), CHUNK_BYTES);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java platform has " + CIPHER, missing);
        }
    }

    /**
     * Reads the header of an object.
     *
     * @throws SealException when it is none, or does not open with the keys at hand under that name
     */
    static SealHeader read(String object, KeyRing keys, InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(BYTES);
        if (bytes.length < BYTES) {
            throw new EOFException("object " + object + " ends after " + bytes.length + " bytes, within its header");
        }
        ByteBuffer header = ByteBuffer.wrap(bytes);
        byte[] magic = new byte[MAGIC.length];
        header.get(magic);
        int chunkBytes = header.getInt();
        byte[] id = new byte[SealKey.ID_BYTES];
        header.get(id);
        if (!Arrays.equals(magic, MAGIC)) {
            throw new SealException("object " + object + " is not sealed, or by a version that is unknown here");
        }
        SealKey key = keys.byId(HexFormat.of().formatHex(id), object);
        byte[] nonce = Arrays.copyOfRange(bytes, PLAIN_BYTES, PLAIN_BYTES + NONCE_BYTES);
        byte[] wrapped = Arrays.copyOfRange(bytes, PLAIN_BYTES + NONCE_BYTES, BYTES);
        byte[] plain = Arrays.copyOf(bytes, PLAIN_BYTES);
        try {
            byte[] dataKey =
                    wrapping(Cipher.DECRYPT_MODE, key, nonce, plain, object).doFinal(wrapped);
            if (chunkBytes <= 0 || chunkBytes > CHUNK_BYTES_MAX) {
                throw new SealException("object " + object + " has chunks of " + chunkBytes + " bytes");
            }
            return new SealHeader(bytes, new SecretKeySpec(dataKey, "AES"), chunkBytes);
        } catch (GeneralSecurityException changed) {
            throw new SealException(
                    "object " + object + " was changed, or was put under another name than it is listed by", changed);
        }
    }

    private static Cipher wrapping(int mode, SealKey key, byte[] nonce, byte[] plain, String object)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key.wrapping(), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(plain);
        cipher.updateAAD(object.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    /** The cipher of one chunk: where it stands and whether it is the last is part of its nonce. */
    Cipher chunk(int mode, long number, boolean last) throws GeneralSecurityException {
        byte[] nonce = ByteBuffer.allocate(NONCE_BYTES)
                .put((byte) (last ? 1 : 0))
                .putLong(NONCE_BYTES - Long.BYTES, number)
                .array();
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, dataKey, new GCMParameterSpec(TAG_BITS, nonce));
        return cipher;
    }
}
