package dev.keelson.e2e.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A real server that speaks S3, whose buckets are directories. */
public final class S3Server implements AutoCloseable {

    public static final String ACCESS_KEY = "keelson";
    public static final String SECRET_KEY = "keelson-secret";

    private static final Duration START_MAX = Duration.ofSeconds(30);

    private final Path buckets;
    private final int port;
    private final Process process;

    private S3Server(Path buckets, int port, Process process) {
        this.buckets = buckets;
        this.port = port;
        this.process = process;
    }

    /** Starts one without buckets. */
    public static S3Server start(String test) {
        Path directory = Tools.workDirectory(test);
        int port = Cluster.freePorts(1).getFirst();
        try {
            Path buckets = Files.createDirectories(directory.resolve("buckets"));
            Path users = Files.createDirectories(directory.resolve("users"));
            var builder = new ProcessBuilder(List.of(
                            Tools.go("versitygw").toString(),
                            "--port",
                            "127.0.0.1:" + port,
                            "--iam-dir",
                            users.toString(),
                            "posix",
                            buckets.toString()))
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("server.log").toFile());
            builder.environment().put("ROOT_ACCESS_KEY", ACCESS_KEY);
            builder.environment().put("ROOT_SECRET_KEY", SECRET_KEY);
            var server = new S3Server(buckets, port, builder.start());
            Await.until("a server at " + server.endpoint() + ", see " + directory, START_MAX, server::answers);
            return server;
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private boolean answers() {
        try (var connection = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return connection.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    public String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    /** Makes a bucket. */
    public void bucket(String name) {
        try {
            Files.createDirectories(buckets.resolve(name));
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
