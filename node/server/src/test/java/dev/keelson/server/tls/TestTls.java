package dev.keelson.server.tls;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** TLS for a test: what it is made of, and what it says. */
public final class TestTls implements TlsListener {

    public static final TlsConfig.Protocols ANY = new TlsConfig.Protocols(List.of("TLSv1.2", "TLSv1.3"), List.of());

    private static final int WAIT_SECONDS = 20;

    public final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    /** With a certificate, and asking for none. */
    public LiveTls open(TestAuthority.Issued own) {
        return open(own, TlsConfig.Trust.NOBODY_ASKED, ANY);
    }

    public LiveTls open(TestAuthority.Issued own, TlsConfig.Trust trust, TlsConfig.Protocols protocols) {
        return load(
                TlsConfig.Side.CLIENT, new TlsConfig.InFiles(own.pair(TlsConfig.Side.CLIENT), null), trust, protocols);
    }

    /** Between members, with certificates on both ends. */
    public LiveTls peers(TestAuthority.Issued own, TlsConfig.Trust trust) {
        return load(TlsConfig.Side.PEER, new TlsConfig.InFiles(own.pair(TlsConfig.Side.PEER), null), trust, ANY);
    }

    /** Between members, with a certificate made for it. */
    public LiveTls selfSignedPeers(Path folder) {
        return load(
                TlsConfig.Side.PEER,
                new TlsConfig.SelfSigned(folder, List.of("127.0.0.1"), 1),
                TlsConfig.Trust.NOBODY_ASKED,
                ANY);
    }

    private LiveTls load(TlsConfig.Side side, TlsConfig.Own own, TlsConfig.Trust trust, TlsConfig.Protocols protocols) {
        return LiveTls.load(new TlsConfig(side, own, trust, protocols), this);
    }

    /** Asks for certificates of an authority. */
    public static TlsConfig.Trust trusting(Path authorities) {
        return trusting(authorities, null, Set.of(), Set.of());
    }

    public static TlsConfig.Trust trusting(
            Path authorities, @Nullable Path revocations, Set<String> commonNames, Set<String> hostNames) {
        return new TlsConfig.Trust(
                true,
                new TlsConfig.Source("trusted-ca-file", authorities),
                revocations == null ? null : new TlsConfig.Source("client-crl-file", revocations),
                commonNames,
                hostNames);
    }

    /** The next thing that was said. */
    public String next() throws InterruptedException {
        String event = events.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        if (event == null) {
            throw new AssertionError("nothing was said within " + WAIT_SECONDS + " s");
        }
        return event;
    }

    @Override
    public void reloaded(TlsConfig.Side side) {
        events.add("reloaded " + side.label());
    }

    @Override
    public void notReloaded(TlsConfig.Side side, String reason) {
        events.add("not reloaded " + side.label() + ": " + reason);
    }

    @Override
    public void refused(TlsConfig.Side side, String remoteAddress, String reason) {
        events.add("refused " + side.label() + ": " + reason);
    }
}
