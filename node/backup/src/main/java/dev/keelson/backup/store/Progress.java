package dev.keelson.backup.store;

/** Hears how far something is that takes its time. Called by one thread, often; it must not wait. */
public interface Progress {

    /** Nobody watches. */
    Progress UNSEEN = new Progress() {
        @Override
        public void begin(String what, long bytes) {}

        @Override
        public void moved(long bytes) {}

        @Override
        public void end() {}
    };

    /** For {@code bytes} whose number nobody knows yet. */
    long UNKNOWN = -1;

    /**
     * Something begins.
     *
     * @param what it is, as a caption
     * @param bytes it will move, {@link #UNKNOWN} if that is not known
     */
    void begin(String what, long bytes);

    /** So many bytes more were moved. */
    void moved(long bytes);

    /** What was begun is done, or has failed. */
    void end();
}
