package dev.keelson.server.tls;

/** TLS cannot be set up; the message names the flag, the value and what to do. */
public final class TlsException extends RuntimeException {

    private static final long serialVersionUID = 1;

    TlsException(TlsConfig.Source source, String what) {
        super(source + ": " + what);
    }

    TlsException(String message, Throwable cause) {
        super(message, cause);
    }
}
