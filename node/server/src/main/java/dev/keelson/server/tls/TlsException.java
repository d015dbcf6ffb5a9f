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

    /** Why a handshake failed: the innermost reason, which is the one that says something. */
    public static String reason(Throwable failure) {
        Throwable root = failure;
        for (Throwable inner = root.getCause(); inner != null; inner = inner.getCause()) {
            root = inner;
        }
        String message = root.getMessage();
        return message == null ? root.toString() : message;
    }
}
