package dev.keelson.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class CallersTest {

    private static final Tokens.Progress AT = new Tokens.Progress(100, 5);

    private final SimpleTokens tokens = new SimpleTokens(1_000, new AtomicLong()::get);
    private String token = "";

    @BeforeEach
    void logIn() {
        Tokens.Draft draft = tokens.draft();
        tokens.assign("alice", draft.digest(), 7);
        token = tokens.issue(draft, new Tokens.Login("alice", 7, 5));
    }

    private Caller caller(String... metadata) {
        return new Callers(tokens, true).of(metadata(metadata), Attributes.EMPTY, AT);
    }

    private static Metadata metadata(String... pairs) {
        var metadata = new Metadata();
        for (int i = 0; i < pairs.length; i += 2) {
            metadata.put(Metadata.Key.of(pairs[i], Metadata.ASCII_STRING_MARSHALLER), pairs[i + 1]);
        }
        return metadata;
    }

    @Test
    void aTokenSaysWhoCallsUnderEitherName() {
        var alice = new Caller.User("alice", 5);

        assertThat(caller("token", token)).isEqualTo(alice);
        assertThat(caller("authorization", token)).isEqualTo(alice);
        assertThat(caller("authorization", "Bearer " + token)).isEqualTo(alice);
        assertThat(caller("token", "Bearer " + token)).isEqualTo(alice);
    }

    @Test
    void theFirstTokenCountsAndTheOneNamedSoBeforeTheOther() {
        var alice = new Caller.User("alice", 5);

        assertThat(caller("authorization", "x.1", "token", token)).isEqualTo(alice);
        assertThat(caller("token", "x.1", "authorization", token)).isEqualTo(Caller.Unknown.BAD_TOKEN);
        assertThat(caller("token", token, "token", "x.1")).isEqualTo(alice);
    }

    @Test
    void whoBringsNothingIsNobodyAndWhoBringsWhatIsNoTokenIsNot() {
        assertThat(caller()).isEqualTo(Caller.Unknown.NOBODY);
        assertThat(caller("token", "")).isEqualTo(Caller.Unknown.BAD_TOKEN);
        assertThat(caller("authorization", "Bearer ")).isEqualTo(Caller.Unknown.BAD_TOKEN);
        assertThat(caller("authorization", "bearer " + token)).isEqualTo(Caller.Unknown.BAD_TOKEN);
    }

    @Test
    void aCertificateCountsWhereClientsMustShowOneAndAfterATokenOnly() {
        Attributes transport = shown("CN=bob, OU=CN\\=root");

        assertThat(new Callers(tokens, true).of(metadata(), transport, AT)).isEqualTo(new Caller.User("bob", 5));
        assertThat(new Callers(tokens, false).of(metadata(), transport, AT)).isEqualTo(Caller.Unknown.NOBODY);
        assertThat(new Callers(tokens, true).of(metadata("token", token), transport, AT))
                .isEqualTo(new Caller.User("alice", 5));
        assertThat(new Callers(tokens, true).of(metadata("token", "x.1"), transport, AT))
                .isEqualTo(Caller.Unknown.BAD_TOKEN);
    }

    @Test
    void aCertificateWithoutANameIsNobodys() {
        assertThat(new Callers(tokens, true).of(metadata(), shown("O=bob"), AT)).isEqualTo(Caller.Unknown.NOBODY);
        assertThat(new Callers(tokens, true).of(metadata(), shown(null), AT)).isEqualTo(Caller.Unknown.NOBODY);
    }

    private static Attributes shown(@Nullable String subject) {
        return Attributes.newBuilder()
                .set(Grpc.TRANSPORT_ATTR_SSL_SESSION, ShownCertificate.session(subject))
                .build();
    }
}
