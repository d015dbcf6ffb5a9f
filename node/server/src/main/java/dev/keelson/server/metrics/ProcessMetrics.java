package dev.keelson.server.metrics;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** What the system says of this process, where it says it in files as Linux does; elsewhere nothing shows. */
public final class ProcessMetrics implements MetricSource {

    /** Ticks of the times in {@code stat}, the same on every Linux that Java runs on. */
    private static final double TICKS_PER_SECOND = 100;

    private static final double BYTES_PER_KIB = 1024;

    /** Fields of {@code stat} behind the name of the command, which may itself hold spaces. */
    private static final int USER_TICKS = 11;

    private static final int SYSTEM_TICKS = 12;
    private static final int START_TICKS = 19;

    private static final double UNLIMITED = 18_446_744_073_709_551_615.0;

    private final Path system;

    public ProcessMetrics() {
        this(Path.of("/proc"));
    }

    ProcessMetrics(Path system) {
        this.system = system;
    }

    @Override
    public void collect(Exposition out) {
        try {
            times(out);
            memory(out);
            files(out);
            network(out);
        } catch (IOException noSuchSystem) {
            // Not Linux, or not for us to read: what was not written so far does not show.
            return;
        }
    }

    private void times(Exposition out) throws IOException {
        String stat = Files.readString(system.resolve("self/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        double ticks = Double.parseDouble(fields[USER_TICKS]) + Double.parseDouble(fields[SYSTEM_TICKS]);
        out.counter("process_cpu_seconds_total", "Processor time used.", ticks / TICKS_PER_SECOND);
        double booted = field(system.resolve("stat"), "btime ").orElseThrow(IOException::new);
        out.gauge(
                "process_start_time_seconds",
                "When the process started, in seconds since 1970.",
                booted + Double.parseDouble(fields[START_TICKS]) / TICKS_PER_SECOND);
    }

    private void memory(Exposition out) throws IOException {
        Path status = system.resolve("self/status");
        field(status, "VmRSS:")
                .ifPresent(kib -> out.gauge(
                        "process_resident_memory_bytes",
                        "Memory of the process that is not swapped out.",
                        kib * BYTES_PER_KIB));
        field(status, "VmSize:")
                .ifPresent(kib -> out.gauge(
                        "process_virtual_memory_bytes", "Addresses the process has taken.", kib * BYTES_PER_KIB));
        out.gauge(
                "process_virtual_memory_max_bytes",
                "Addresses the process may take.",
                field(system.resolve("self/limits"), "Max address space").orElse(UNLIMITED));
    }

    private void files(Exposition out) throws IOException {
        long open;
        try (Stream<Path> descriptors = Files.list(system.resolve("self/fd"))) {
            open = descriptors.count();
        }
        double limit = field(system.resolve("self/limits"), "Max open files").orElse(UNLIMITED);
        out.gauge("process_open_fds", "Files and sockets that are open.", open);
        out.gauge("process_max_fds", "Files and sockets that may be open.", limit);
        out.gauge("os_fd_used", "Files and sockets that are open.", open);
        out.gauge("os_fd_limit", "Files and sockets that may be open.", limit);
    }

    /** The octets of all interfaces: a line of names, then one of values. */
    private void network(Exposition out) throws IOException {
        List<String> lines = Files.readAllLines(system.resolve("self/net/netstat")).stream()
                .filter(line -> line.startsWith("IpExt:"))
                .toList();
        if (lines.size() == 2) {
            List<String> names = List.of(lines.get(0).split(" ", -1));
            String[] values = lines.get(1).split(" ", -1);
            out.counter(
                    "process_network_receive_bytes_total",
                    "Bytes received by the process's network.",
                    Double.parseDouble(values[names.indexOf("InOctets")]));
            out.counter(
                    "process_network_transmit_bytes_total",
                    "Bytes sent by the process's network.",
                    Double.parseDouble(values[names.indexOf("OutOctets")]));
        }
    }

    /** The first number behind the name at the beginning of a line. */
    private static OptionalDouble field(Path file, String name) throws IOException {
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(name.length()).strip().split("\\s+", 2)[0])
                    .filter(value -> !value.equals("unlimited"))
                    .mapToDouble(Double::parseDouble)
                    .findFirst();
        }
    }
}
