package dev.keelson.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Linux says of a process in its files. */
class ProcessMetricsTest {

    @TempDir
    private Path system;

    private String text() {
        var out = new Exposition();
        new ProcessMetrics(system).collect(out);
        return out.text();
    }

    @Test
    void figuresComeFromTheSystemsFiles() throws IOException {
        Files.createDirectories(system.resolve("self/net"));
        Files.createDirectories(system.resolve("self/fd"));
        Files.createFile(system.resolve("self/fd/0"));
        Files.createFile(system.resolve("self/fd/1"));
        Files.writeString(
                system.resolve("self/stat"),
                "7 (a name) with) S 1 2 3 4 5 6 7 8 9 10 250 150 0 0 20 0 9 0 1000 12 34 56");
        Files.writeString(system.resolve("stat"), "cpu 1 2\nbtime 1700000000\n");
        Files.writeString(system.resolve("self/status"), "Name:\tx\nVmSize:\t  2048 kB\nVmRSS:\t  1024 kB\n");
        Files.writeString(
                system.resolve("self/limits"),
                "Limit  Soft  Hard\n"
                        + "Max open files            20000  20000  files\n"
                        + "Max address space  unlimited  unlimited  bytes\n");
        Files.writeString(
                system.resolve("self/net/netstat"),
                "TcpExt: A\nTcpExt: 1\nIpExt: InNoRoutes InOctets OutOctets\nIpExt: 0 500 600\n");

        assertThat(text())
                .contains("process_cpu_seconds_total 4\n")
                .contains("process_start_time_seconds 1.70000001e+09\n")
                .contains("process_resident_memory_bytes 1.048576e+06\n")
                .contains("process_virtual_memory_bytes 2.097152e+06\n")
                .contains("process_virtual_memory_max_bytes 1.8446744073709552e+19\n")
                .contains("process_open_fds 2\n")
                .contains("os_fd_limit 20000\n")
                .contains("process_network_receive_bytes_total 500\n")
                .contains("process_network_transmit_bytes_total 600\n");
    }

    @Test
    void elsewhereNothingShows() {
        assertThat(text()).isEmpty();
    }
}
