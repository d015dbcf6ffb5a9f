package dev.keelson.operator.certificates;

import java.io.Serial;

/** A certificate or an authority that is missing, cannot be read, or cannot be given out yet; the message says which and why. */
public final class CertificateException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    public CertificateException(String message) {
        super(message);
    }

    public CertificateException(String message, Throwable cause) {
        super(message, cause);
    }
}
