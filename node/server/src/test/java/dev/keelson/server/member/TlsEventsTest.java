package dev.keelson.server.member;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.server.tls.TlsConfig.Side;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TlsEventsTest {

    private static final long SECOND = 1_000_000_000;

    private final List<String> lines = new ArrayList<>();
    private long now;
    private final TlsEvents events = new TlsEvents(new Lines(), () -> now);

    @Test
    void aRefusedConnectionIsALine() {
        events.refused(Side.PEER, "/127.0.0.1:7", "no");

        assertThat(lines)
                .containsExactly(
                        "rejected connection on peer endpoint [remote-addr, 127.0.0.1:7, error, no, left-out, 0]");
    }

    @Test
    void manyRefusedConnectionsAreALineASecondForEachSide() {
        for (int i = 0; i < 5; i++) {
            events.refused(Side.CLIENT, "/127.0.0.1:" + i, "no");
            events.refused(Side.PEER, "/127.0.0.1:" + i, "no");
        }
        now = SECOND - 1;
        events.refused(Side.CLIENT, "/127.0.0.1:8", "no");
        now = SECOND;
        events.refused(Side.CLIENT, "/127.0.0.1:9", "no");

        assertThat(lines)
                .containsExactly(
                        "rejected connection on client endpoint [remote-addr, 127.0.0.1:0, error, no, left-out, 0]",
                        "rejected connection on peer endpoint [remote-addr, 127.0.0.1:0, error, no, left-out, 0]",
                        "rejected connection on client endpoint [remote-addr, 127.0.0.1:9, error, no, left-out, 5]");
    }

    private final class Lines implements MemberEvents {

        @Override
        public void info(String message, Object... fields) {
            lines.add(message + " " + Arrays.toString(fields));
        }

        @Override
        public void warn(String message, Object... fields) {
            lines.add(message + " " + Arrays.toString(fields));
        }

        @Override
        public void ready() {
            lines.add("ready");
        }

        @Override
        public void fatal(String reason, Throwable cause) {
            lines.add("fatal " + reason);
        }
    }
}
