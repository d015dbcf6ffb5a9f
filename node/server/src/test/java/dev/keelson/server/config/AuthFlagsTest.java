package dev.keelson.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keelson.server.auth.AuthConfig;
import dev.keelson.server.auth.SignMethod;
import dev.keelson.server.auth.TokenConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AuthFlagsTest {

    private static NodeConfig parse(String... words) {
        return NodeConfig.parse(List.of(words), Map.of());
    }

    private static AuthConfig auth(String... words) {
        return parse(words).member().auth();
    }

    private static FlagException refusal(String word) {
        return catchThrowableOfType(FlagException.class, () -> parse(word));
    }

    @Test
    void withoutAnyFlagTokensAreSimple() {
        assertThat(auth()).isEqualTo(AuthConfig.STANDARD);
        assertThat(auth("--auth-token=simple", "--auth-token-ttl=0")).isEqualTo(AuthConfig.STANDARD);
        assertThat(auth("--auth-token=simple,any=thing")).isEqualTo(AuthConfig.STANDARD);
    }

    @Test
    void howLongTokensHoldAndWhatHashesCostIsWhatTheFlagsSay() {
        AuthConfig config = auth("--auth-token-ttl=7", "--bcrypt-cost=4");

        assertThat(config.tokens()).isEqualTo(new TokenConfig.Simple(Duration.ofSeconds(7)));
        assertThat(config.bcryptCost()).isEqualTo(4);
    }

    @Test
    void signedTokensAreMadeAsTheOptionsSay() {
        assertThat(auth("--auth-token=jwt,pub-key=/a,priv-key=/b,sign-method=ES512,ttl=1h30m")
                        .tokens())
                .isEqualTo(
                        new TokenConfig.Signed(SignMethod.ES512, Path.of("/a"), Path.of("/b"), Duration.ofMinutes(90)));
        assertThat(auth("--auth-token=jwt,sign-method=EdDSA,pub-key=/a").tokens())
                .isEqualTo(new TokenConfig.Signed(SignMethod.EDDSA, Path.of("/a"), null, Duration.ofMinutes(5)));
    }

    @Test
    void noKindOfTokenAtAllMayBeAskedFor() {
        assertThat(auth("--auth-token=").tokens()).isEqualTo(TokenConfig.None.NONE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "wombat | \"wombat\" is no kind of token; give simple or jwt",
                "jwt | sign-method= is no way to sign tokens; give one of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, HS256, HS384, HS512, EdDSA",
                "jwt,sign-method=none,priv-key=/a | sign-method=none is no way to sign tokens; give one of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, HS256, HS384, HS512, EdDSA",
                "jwt,foo | \"foo\" is not option=value",
                "jwt,sign-method=RS256,sign-method=RS256 | sign-method is given twice",
                "jwt,sign-method=HS256,ttl=abc | ttl=abc is no duration; give one such as 5m",
                "jwt,sign-method=HS256,ttl=0 | ttl=0 lets no token hold; give more than 0"
            })
    void optionsThatCannotBeFollowedAreRefused(String value, String why) {
        FlagException refusal = refusal("--auth-token=" + value);

        assertThat(refusal).hasMessage("invalid auth options --auth-token=" + value + ": " + why);
        assertThat(refusal.exitCode()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--bcrypt-cost=-3", "--auth-token-ttl=-1"})
    void numbersBelowZeroAreNoneForTheseFlags(String flag) {
        assertThat(refusal(flag).exitCode()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--bcrypt-cost=3", "--bcrypt-cost=32"})
    void aCostThatBcryptDoesNotHaveIsNamedAndNotUsed(String flag) {
        NodeConfig config = parse(flag);

        assertThat(config.member().auth().bcryptCost()).isEqualTo(10);
        assertThat(config.warnings()).singleElement().asString().contains(flag);
    }

    @Test
    void anOptionThatEtcdDoesNotKnowIsNamed() {
        assertThat(parse("--auth-token=jwt,sign-method=HS256,priv-key=/a,kid=1").warnings())
                .singleElement()
                .asString()
                .contains("kid");
    }

    @Test
    void theNameInACertificateCountsWhereClientsAreAskedForOne() {
        String[] tls = {
            "--client-cert-auth",
            "--cert-file=/c",
            "--key-file=/k",
            "--trusted-ca-file=/t",
            "--listen-client-urls=https://127.0.0.1:1",
            "--advertise-client-urls=https://127.0.0.1:1"
        };

        assertThat(auth(tls).certificates()).isTrue();
        assertThat(auth().certificates()).isFalse();
    }
}
