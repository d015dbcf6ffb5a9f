package dev.keelson.server.member;

import dev.keelson.engine.EngineListener;
import dev.keelson.engine.EngineProbe;
import dev.keelson.engine.Member;
import dev.keelson.engine.apply.AppliedPoint;
import dev.keelson.engine.auth.AuthListener;
import dev.keelson.server.peer.GrpcPeerTransport;
import java.util.List;

/** Turns what the engine says into log lines and links. */
final class EngineEvents implements EngineListener {

    private final MemberEvents events;
    private final GrpcPeerTransport transport;
    private final long self;
    private final MemberFigures figures;
    private final AuthListener logins;
    private volatile Runnable published = () -> {};

    EngineEvents(
            MemberEvents events, GrpcPeerTransport transport, long self, MemberFigures figures, AuthListener logins) {
        this.events = events;
        this.transport = transport;
        this.self = self;
        this.figures = figures;
        this.logins = logins;
    }

    void whenPublished(Runnable action) {
        published = action;
    }

    @Override
    public EngineProbe probe() {
        return figures.requests();
    }

    @Override
    public AuthListener logins() {
        return logins;
    }

    @Override
    public void leaderChanged(long leader, long term) {
        figures.leaders().leaderIs(leader);
        if (leader == 0) {
            events.info("lost leader", "term", term);
        } else {
            events.info(
                    leader == self ? "became leader" : "follows leader",
                    "leader-member-id",
                    Long.toHexString(leader),
                    "term",
                    term);
        }
    }

    @Override
    public void membersChanged(List<Member> members) {
        transport.membersChanged(members);
    }

    @Override
    public void published() {
        published.run();
    }

    @Override
    public void failed(Throwable cause) {
        events.fatal(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
    }

    @Override
    public void clusterVersionSet(String version) {
        events.info("set cluster version", "cluster-version", version);
    }

    @Override
    public void snapshotInstalled(AppliedPoint point) {
        events.info("applied snapshot", "index", point.index(), "term", point.term());
    }
}
