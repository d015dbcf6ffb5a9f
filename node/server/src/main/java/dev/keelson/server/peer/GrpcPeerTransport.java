package dev.keelson.server.peer;

import dev.keelson.engine.Member;
import dev.keelson.engine.Transport;
import dev.keelson.engine.forward.Forward;
import dev.keelson.raft.message.Message;
import dev.keelson.server.port.EventLoops;
import dev.keelson.server.tls.LiveTls;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages to the other members over one stream each.
 *
 * <p>A message to a member without a link is dropped and reported, like one that the network lost.
 *
 * <p>Thread rule: {@link #send} from any thread; {@link #membersChanged} by one thread at a time.
 */
public final class GrpcPeerTransport implements Transport, AutoCloseable {

    private final Handshake handshake;
    private final PeerAddress addresses;
    private final PeerListener listener;
    private final Map<Long, PeerLink> links = new ConcurrentHashMap<>();

    /** @param tls for URLs that speak it */
    public GrpcPeerTransport(Handshake handshake, EventLoops loops, @Nullable LiveTls tls, PeerListener listener) {
        this.handshake = handshake;
        this.addresses = new PeerAddress(loops, tls);
        this.listener = listener;
    }

    /** Opens links to members that are new, closes those to members that are gone. */
    public void membersChanged(List<Member> members) {
        Map<Long, Member> others = members.stream()
                .filter(member -> member.id() != handshake.self().memberId())
                .collect(Collectors.toMap(Member::id, member -> member));
        links.forEach((id, link) -> {
            if (!others.containsKey(id)) {
                links.remove(id);
                link.close();
            }
        });
        others.forEach((id, member) -> {
            PeerLink link = links.get(id);
            if (link != null) {
                link.moveTo(member.peerUrls());
            } else {
                var opened = new PeerLink(id, member.peerUrls(), handshake, addresses, listener);
                links.put(id, opened);
                opened.start();
            }
        });
    }

    @Override
    public void send(Message message) {
        send(message.to(), new Outgoing.OfConsensus(message));
    }

    @Override
    public void send(Forward message) {
        send(message.to(), new Outgoing.Forwarded(message));
    }

    private void send(long to, Outgoing message) {
        PeerLink link = links.get(to);
        if (link == null) {
            listener.unreachable(to);
        } else {
            link.send(message);
        }
    }

    /** Where the peer is reached, null when it is no member. */
    @Nullable
    List<String> urlsOf(long peer) {
        PeerLink link = links.get(peer);
        return link == null ? null : link.urls();
    }

    PeerAddress addresses() {
        return addresses;
    }

    /** Closes all links; what is queued is dropped. */
    @Override
    public void close() {
        links.values().forEach(PeerLink::close);
        links.clear();
    }
}
