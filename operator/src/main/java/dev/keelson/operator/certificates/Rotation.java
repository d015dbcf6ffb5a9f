package dev.keelson.operator.certificates;

import dev.keelson.operator.certificates.Authorities.Phase;
import dev.keelson.operator.certificates.Handshakes.Peer;
import dev.keelson.operator.certificates.Handshakes.Shown;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says when the replacement of an authority may go on: when every member that serves shows that it has followed, and applications,
 * which nobody can ask, have had the time in which Secrets arrive everywhere.
 */
final class Rotation {
    /** A kubelet brings a changed Secret into a Pod within two minutes. */
    static final Duration ARRIVAL = Duration.ofMinutes(3);

    private final Handshakes handshakes;

    Rotation(Handshakes handshakes) {
        this.handshakes = handshakes;
    }

    /** What the next phase waits for, in words for people; null when it may begin. */
    @Nullable
    String waitsFor(Authorities authorities, List<Peer> serving, Instant now) {
        Instant arrived = authorities.since().plus(ARRIVAL);
        if (now.isBefore(arrived)) {
            return "applications to read their Secret, until " + arrived;
        }
        for (Peer member : serving) {
            Shown shown = handshakes.look(member);
            if (shown == null) {
                return member.member() + " to be reached";
            }
            if (!hasFollowed(authorities, shown)) {
                return authorities.phase() == Phase.Introduced
                        ? member.member() + " to trust the new authority"
                        : member.member() + " to show a certificate of the new authority";
            }
        }
        return null;
    }

    private static boolean hasFollowed(Authorities authorities, Shown shown) {
        X509Certificate newest = Pem.certificate(authorities.newest().certificate());
        if (authorities.phase() == Phase.Introduced) {
            return shown.trusted().contains(newest.getSubjectX500Principal());
        }
        try {
            shown.own().verify(newest.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
