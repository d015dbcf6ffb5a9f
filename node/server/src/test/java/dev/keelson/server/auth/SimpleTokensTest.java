package dev.keelson.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.server.auth.Tokens.Draft;
import dev.keelson.server.auth.Tokens.Login;
import dev.keelson.server.auth.Tokens.Progress;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SimpleTokensTest {

    private static final long LIFE_MILLIS = 300_000;
    private static final Progress AT = new Progress(100, 5);

    private final AtomicLong millis = new AtomicLong(50);
    private final SimpleTokens tokens = new SimpleTokens(LIFE_MILLIS, millis::get);

    private String login(String user, long index) {
        Draft draft = tokens.draft();
        tokens.assign(user, draft.digest(), index);
        return tokens.issue(draft, new Login(user, index, 5));
    }

    @Test
    void aTokenHasTheFormOfEtcdsAndMoreChanceInIt() {
        String token = login("alice", 17);

        assertThat(token).matches("[a-zA-Z]{24}\\.17");
        assertThat(SimpleTokens.LETTERS_DRAWN * Math.log(52) / Math.log(2)).isGreaterThan(128);
        assertThat(login("alice", 17)).isNotEqualTo(token);
    }

    @Test
    void aTokenIsThatOfItsUserAtThePresentRevision() {
        String token = login("alice", 17);

        assertThat(tokens.find(token, AT)).isEqualTo(new Caller.User("alice", 5));
        assertThat(tokens.find(token, new Progress(101, 6))).isEqualTo(new Caller.User("alice", 6));
    }

    @Test
    void everyMemberKnowsItByItsDigestAlone() {
        var other = new SimpleTokens(LIFE_MILLIS, millis::get);
        Draft draft = tokens.draft();

        other.assign("alice", draft.digest(), 17);

        assertThat(other.find(tokens.issue(draft, new Login("alice", 17, 5)), AT))
                .isEqualTo(new Caller.User("alice", 5));
    }

    @Test
    void aMemberThatIsBehindSaysWhatItWaitsFor() {
        String token = login("alice", 101);

        assertThat(tokens.find(token, AT)).isEqualTo(new Caller.Later(101));
    }

    @Test
    void aTokenHoldsForAWhileAfterItsLastUse() {
        String token = login("alice", 17);

        millis.addAndGet(LIFE_MILLIS - 1);
        assertThat(tokens.find(token, AT)).isInstanceOf(Caller.User.class);
        millis.addAndGet(LIFE_MILLIS - 1);
        assertThat(tokens.find(token, AT)).isInstanceOf(Caller.User.class);
        millis.addAndGet(LIFE_MILLIS);
        assertThat(tokens.find(token, AT)).isEqualTo(Caller.Unknown.BAD_TOKEN);
    }

    @Test
    void tokensOfAUserAreForgottenAndThoseOfOthersAreNot() {
        String alice = login("alice", 17);
        String bob = login("bob", 18);

        tokens.forget("alice");

        assertThat(tokens.find(alice, AT)).isEqualTo(Caller.Unknown.BAD_TOKEN);
        assertThat(tokens.find(bob, AT)).isInstanceOf(Caller.User.class);
        tokens.forgetAll();
        assertThat(tokens.find(bob, AT)).isEqualTo(Caller.Unknown.BAD_TOKEN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "abc",
                "abc.",
                ".17",
                "abc.x",
                "abc.17.1",
                "abc.-1",
                "abc.17 ",
                "abc.99999999999999999999",
                "ä.17"
            })
    void whatHasNotTheFormIsNoToken(String token) {
        assertThat(tokens.find(token, AT)).isEqualTo(Caller.Unknown.BAD_TOKEN);
    }

    @Test
    void theRightLettersWithAnotherIndexAreNoToken() {
        String token = login("alice", 17);

        assertThat(tokens.find(token.replace(".17", ".16"), AT)).isEqualTo(Caller.Unknown.BAD_TOKEN);
        assertThat(tokens.find("x" + token, AT)).isEqualTo(Caller.Unknown.BAD_TOKEN);
    }

    @Test
    void thereAreNeverMoreThanABoundedNumber() {
        for (int i = 0; i <= SimpleTokens.TOKENS_MAX + 10; i++) {
            millis.addAndGet(1);
            tokens.assign("u" + i, ByteBuffer.allocate(32).putInt(i).array(), i);
        }

        assertThat(tokens.size()).isEqualTo(SimpleTokens.TOKENS_MAX);
    }

    @Test
    void tokensThatHoldNoMoreAreTakenAway() {
        login("alice", 17);
        millis.addAndGet(LIFE_MILLIS);

        login("bob", 18);

        assertThat(tokens.size()).isEqualTo(1);
    }

    @Test
    void aDraftShowsNothingInALog() {
        Draft draft = tokens.draft();

        assertThat(draft.toString()).doesNotContain(draft.secret());
    }
}
