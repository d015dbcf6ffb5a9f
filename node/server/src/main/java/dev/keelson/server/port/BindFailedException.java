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
}
