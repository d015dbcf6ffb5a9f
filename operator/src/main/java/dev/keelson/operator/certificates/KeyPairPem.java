package dev.keelson.operator.certificates;

/** A certificate and its private key, as text. */
public record KeyPairPem(String certificate, String key) {
    @Override
    public String toString() {
        return "a certificate and its key";
    }
}
