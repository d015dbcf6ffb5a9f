package dev.keelson.storage.etcdfile;

import java.nio.file.Path;

/** A file is not one of etcd's, or holds what no store can be made of; the message says what and where. */
public final class EtcdFileRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    EtcdFileRefusedException(Path file, String what) {
        super("file " + file + " is refused: " + what);
    }

    EtcdFileRefusedException(Path file, String bucket, String what) {
        super("file " + file + " is refused: in bucket " + bucket + ", " + what);
    }
}
