package dev.keelson.server.http;

/** Hears how probes came out; called on any thread, must not block. */
public interface ProbeListener {

    /** Hears nothing. */
    ProbeListener NONE = new ProbeListener() {
        @Override
        public void health(boolean healthy) {}

        @Override
        public void checked(String probe, String check, boolean passed) {}
    };

    /** The older probe was answered. */
    void health(boolean healthy);

    /** One check of a probe was made. */
    void checked(String probe, String check, boolean passed);
}
