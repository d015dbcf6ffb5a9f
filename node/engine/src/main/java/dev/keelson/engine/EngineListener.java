package dev.keelson.engine;

import dev.keelson.engine.apply.AppliedPoint;
import dev.keelson.engine.auth.AuthListener;
import java.util.List;

/** What the node tells its surroundings; called on its workers, must not block. */
public interface EngineListener {

    /** The leader, as far as this node knows, is now {@code leader} of {@code term}; 0 for none. */
    void leaderChanged(long leader, long term);

    /** This is the membership now; called once at start, and after each change. */
    void membersChanged(List<Member> members);

    /** The cluster has acknowledged this member under its name: requests can be served. */
    void published();

    /** A part of the node failed and it must end; nothing more is acknowledged. */
    void failed(Throwable cause);

    /** Who looks on while the node works; asked once. */
    default EngineProbe probe() {
        return EngineProbe.NONE;
    }

    /** Who hears which users are let in; asked once. */
    default AuthListener logins() {
        return AuthListener.NONE;
    }

    /** The cluster has agreed on this version through this member, its leader. */
    void clusterVersionSet(String version);

    /** The store was replaced by the leader's, as of this point of the log. */
    void snapshotInstalled(AppliedPoint point);
}
