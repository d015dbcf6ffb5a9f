package dev.keelson.server.port;

/** An address could not be listened on; the message names the flag that asked for it, the address and the reason. */
public final class BindFailedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    BindFailedException(ListenAddress address, String reason, Throwable cause) {
        super(
                "--" + address.flag() + ": cannot listen on " + address + ": " + reason
                        + "; stop the process that uses the address, or choose another one",
                cause);
    }

    /** With the innermost reason of a failure to listen. */
    public static BindFailedException of(ListenAddress address, Throwable cause) {
        Throwable root = cause;
        for (Throwable inner = root.getCause(); inner != null; inner = inner.getCause()) {
            root = inner;
        }
        return new BindFailedException(address, String.valueOf(root.getMessage()), cause);
    }
}
