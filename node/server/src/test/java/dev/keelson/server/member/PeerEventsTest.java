package dev.keelson.server.member;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.engine.RequestKind;
import dev.keelson.server.metrics.DiskMetrics;
import dev.keelson.server.metrics.HealthMetrics;
import dev.keelson.server.metrics.LeaderChanges;
import dev.keelson.server.metrics.PeerMetrics;
import dev.keelson.server.metrics.RequestMetrics;
import dev.keelson.server.metrics.WatchMetrics;
import dev.keelson.server.peer.Refusal;
import dev.keelson.server.peer.Refusal.Reason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PeerEventsTest {

    private static final long PEER = 7;

    private final Said said = new Said();
    private boolean serving;
    private int toldOfItsRemoval;
    private final PeerEvents events = new PeerEvents(said, () -> serving, _ -> {}, () -> toldOfItsRemoval++, figures());

    @ParameterizedTest
    @EnumSource(names = {"OTHER_CLUSTER", "REMOVED_SENDER", "REPLACED_SENDER"})
    void aMemberThatItsPeersKnowOtherwiseEndsBeforeItServes(Reason reason) {
        events.refusedBy(PEER, new Refusal(reason, "why"));

        assertThat(said.fatal).containsExactly("why");
    }

    @Test
    void aReplacedMemberEndsAlsoWhileItServes() {
        serving = true;

        events.refusedBy(PEER, new Refusal(Reason.REPLACED_SENDER, "why"));

        assertThat(said.fatal).containsExactly("why");
    }

    @Test
    void aRemovedMemberThatServesIsToldOfItAndHasTimeToAnswer() {
        serving = true;

        events.refusedBy(PEER, new Refusal(Reason.REMOVED_SENDER, "why"));

        assertThat(said.fatal).isEmpty();
        assertThat(toldOfItsRemoval).isEqualTo(1);
    }

    @Test
    void aMemberThatIsToldOfItsRemovalEndsAfterAWhile() {
        var removal = new Removal(() -> false, said);
        removal.tick();
        removal.told();
        for (int ticks = 0; ticks < 11; ticks++) {
            assertThat(said.fatal).isEmpty();
            removal.tick();
        }

        assertThat(said.fatal).singleElement().asString().contains("permanently removed");
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"REMOVED_SENDER", "REPLACED_SENDER"})
    void nothingElseThatAPeerSaysStopsAMemberThatServes(Reason reason) {
        serving = true;

        events.refusedBy(PEER, new Refusal(reason, "why"));

        assertThat(said.fatal).isEmpty();
        assertThat(said.warnings).containsExactly("refused by a peer");
    }

    private static final class Said implements MemberEvents {

        private final List<String> warnings = new ArrayList<>();
        private final List<String> fatal = new ArrayList<>();

        @Override
        public void info(String message, Object... fields) {}

        @Override
        public void warn(String message, Object... fields) {
            warnings.add(message);
        }

        @Override
        public void ready() {}

        @Override
        public void fatal(String reason, Throwable cause) {
            fatal.add(reason);
        }
    }

    private static MemberFigures figures() {
        return new MemberFigures(
                new RequestMetrics(1_000, new RequestMetrics.Listener() {
                    @Override
                    public void appliedSlowly(RequestKind kind, long tookNanos) {}

                    @Override
                    public void compacted(long revision, long tookNanos) {}
                }),
                new DiskMetrics(),
                new PeerMetrics(1, 100),
                new WatchMetrics(),
                new HealthMetrics(),
                new LeaderChanges());
    }
}
