package dev.keelson.server.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.server.auth.Tokens.Login;
import dev.keelson.server.auth.Tokens.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SignedTokensTest {

    private static final Progress AT = new Progress(100, 9);
    private static final Login LOGIN = new Login("alice", 17, 5);
    private static final Instant START = Instant.ofEpochSecond(2_000_000_000);

    @TempDir
    Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(START);

    private SignedTokens tokens(SignMethod method, @Nullable Path publicKey, @Nullable Path privateKey) {
        return new SignedTokens(
                new TokenConfig.Signed(method, publicKey, privateKey, Duration.ofMinutes(5)), () -> now.get());
    }

    private SignedTokens secretTokens() throws IOException {
        return tokens(SignMethod.HS256, null, KeyFiles.secret(folder, 32));
    }

    private static String token(SignedTokens tokens) throws NotIssuedException {
        return tokens.issue(tokens.draft(), LOGIN);
    }

    /** Signed as those of {@link #secretTokens}, whatever it says. */
    private static String forged(String header, String claims) throws GeneralSecurityException {
        return forged(header, claims, "s".repeat(32).getBytes(StandardCharsets.US_ASCII));
    }

    private static String forged(String header, String claims, byte[] secret) throws GeneralSecurityException {
        String signed =
                part(header.getBytes(StandardCharsets.UTF_8)) + "." + part(claims.getBytes(StandardCharsets.UTF_8));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HMAC"));
        return signed + "." + part(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
    }

    private static String part(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @ParameterizedTest
    @CsvSource({
        "RS256, 2048",
        "RS384, 2048",
        "RS512, 2048",
        "PS256, 2048",
        "PS384, 2048",
        "PS512, 2048",
        "ES256, secp256r1",
        "ES384, secp384r1",
        "ES512, secp521r1",
        "EDDSA, Ed25519"
    })
    void whoHasThePublicKeyVerifiesWhatThePrivateOneSigned(SignMethod method, String kind)
            throws IOException, GeneralSecurityException, NotIssuedException {
        KeyPair keys = KeyFiles.make(kind);
        SignedTokens signer = tokens(method, null, KeyFiles.privateKey(folder, keys));
        SignedTokens verifier = tokens(method, KeyFiles.publicKey(folder, keys), null);
        SignedTokens stranger = tokens(method, null, KeyFiles.privateKey(folder, KeyFiles.make(kind)));

        String token = token(signer);

        assertThat(signer.find(token, AT)).isEqualTo(new Caller.User("alice", 5));
        assertThat(verifier.find(token, AT)).isEqualTo(new Caller.User("alice", 5));
        assertThat(stranger.find(token, AT)).isEqualTo(Caller.Unknown.BAD_TOKEN);
        assertThatThrownBy(() -> token(verifier)).hasMessage("auth: token signing attempted with verify-only key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HS256", "HS384", "HS512"})
    void whoHasTheSecretSignsAndVerifies(String method) throws IOException, NotIssuedException {
        Path secret = KeyFiles.secret(folder, 20);
        SignedTokens one = tokens(SignMethod.valueOf(method), null, secret);
        SignedTokens other = tokens(SignMethod.valueOf(method), null, secret);

        assertThat(other.find(token(one), AT)).isEqualTo(new Caller.User("alice", 5));
    }

    @Test
    void aTokenHoldsUntilTheTimeInIt() throws IOException, NotIssuedException {
        SignedTokens tokens = secretTokens();
        String token = token(tokens);

        now.set(START.plusSeconds(299));
        assertThat(tokens.find(token, AT)).isInstanceOf(Caller.User.class);
        now.set(START.plusSeconds(300));
        assertThat(tokens.find(token, AT)).isEqualTo(Caller.Unknown.BAD_TOKEN);
        assertThat(secretTokens().find(token, AT)).isEqualTo(Caller.Unknown.BAD_TOKEN);
    }

    @ParameterizedTest(name = "#15676, a token without the names that etcd asks for: {0}")
    @ValueSource(
            strings = {
                "{}",
                "{'revision':5,'exp':2000000060}",
                "{'username':'alice','exp':2000000060}",
                "{'username':'alice','revision':5}",
                "{'username':'','revision':5,'exp':2000000060}",
                "{'username':7,'revision':5,'exp':2000000060}",
                "{'username':null,'revision':5,'exp':2000000060}",
                "{'username':['alice'],'revision':5,'exp':2000000060}",
                "{'username':'alice','revision':'5','exp':2000000060}",
                "{'username':'alice','revision':-1,'exp':2000000060}",
                "{'username':'alice','revision':1.5,'exp':2000000060}",
                "{'username':'alice','revision':null,'exp':2000000060}",
                "{'username':'alice','revision':5,'exp':'soon'}",
                "{'username':'alice','revision':5,'exp':null}",
                "{'username':'alice','revision':5,'exp':2000000000}",
                "{'username':'alice','revision':5,'exp':2000000060,'nbf':2000000001}",
                "[]",
                "5",
                "alice",
                ""
            })
    void aTokenThatLacksSomethingIsRefusedAndNothingElseHappens(String claims)
            throws IOException, GeneralSecurityException {
        String token = forged("{\"alg\":\"HS256\"}", claims.replace('\'', '"'));

        assertThat(secretTokens().find(token, AT)).isEqualTo(Caller.Unknown.BAD_TOKEN);
    }

    @Test
    void whatOthersAddToATokenDoesNoHarm() throws IOException, GeneralSecurityException {
        String token = forged(
                "{\"typ\":\"JWT\",\"alg\":\"HS256\"}",
                "{\"username\":\"alice\",\"revision\":5.0,\"exp\":2000000060.5,\"sub\":\"x\",\"iat\":1}");

        assertThat(secretTokens().find(token, AT)).isEqualTo(new Caller.User("alice", 5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"alg\":\"none\"}", "{\"alg\":\"HS512\"}", "{\"alg\":\"hs256\"}", "{}", "", "7"})
    void theWayOfSigningIsTheConfiguredOneWhateverATokenSays(String header)
            throws IOException, GeneralSecurityException {
        String claims = "{\"username\":\"root\",\"revision\":5,\"exp\":2000000060}";
        String signed = forged(header, claims);
        String unsigned = signed.substring(0, signed.lastIndexOf('.') + 1);

        assertThat(secretTokens().find(signed, AT)).isEqualTo(Caller.Unknown.BAD_TOKEN);
        assertThat(secretTokens().find(unsigned, AT)).isEqualTo(Caller.Unknown.BAD_TOKEN);
    }

    @Test
    void aPublicKeyIsNotTakenForASecret() throws IOException, GeneralSecurityException {
        Path publicKey = KeyFiles.publicKey(folder, KeyFiles.make("2048"));
        String claims = "{\"username\":\"root\",\"revision\":5,\"exp\":2000000060}";

        String token = forged("{\"alg\":\"HS256\"}", claims, Files.readAllBytes(publicKey));

        assertThat(tokens(SignMethod.RS256, publicKey, null).find(token, AT)).isEqualTo(Caller.Unknown.BAD_TOKEN);
    }

    @Test
    void noBytesMakeItFail() throws IOException, NotIssuedException {
        SignedTokens tokens = secretTokens();
        String token = token(tokens);
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            var changed = new StringBuilder(token);
            for (int change = 0; change <= random.nextInt(3); change++) {
                changed.setCharAt(random.nextInt(token.length()), (char) (' ' + random.nextInt(95)));
            }
            changed.setLength(random.nextInt(token.length()) + 1);
            assertThat(tokens.find(changed.toString(), AT)).isEqualTo(Caller.Unknown.BAD_TOKEN);
        }
    }

    @Test
    void keysThatDoNotFitAreRefused() throws IOException, GeneralSecurityException {
        KeyPair rsa = KeyFiles.make("2048");
        Path one = KeyFiles.privateKey(folder, rsa);
        Path other = KeyFiles.publicKey(folder, KeyFiles.make("2048"));
        Path weak = KeyFiles.privateKey(folder, KeyFiles.make("1024"));
        Path curve = KeyFiles.privateKey(folder, KeyFiles.make("secp384r1"));
        Path text = Files.writeString(folder.resolve("text"), "nothing");
        Path none = folder.resolve("none");

        assertRefused(SignMethod.RS256, null, null, "missing key data");
        assertRefused(SignMethod.HS256, other, null, "missing key data");
        assertRefused(SignMethod.RS256, other, one, "don't match");
        assertRefused(SignMethod.RS256, null, weak, "1024 bits");
        assertRefused(SignMethod.RS256, null, curve, "needs a key of kind RSA");
        assertRefused(SignMethod.ES256, null, curve, "needs a key of kind EC of 256 bits");
        assertRefused(SignMethod.EDDSA, null, one, "needs a key of kind Ed25519");
        assertRefused(SignMethod.HS256, null, KeyFiles.secret(folder, 15), "15 bytes");
        assertRefused(SignMethod.RS256, null, text, "no private key");
        assertRefused(SignMethod.RS256, text, null, "no public key");
        assertRefused(SignMethod.RS256, null, none, "no such file");
    }

    private void assertRefused(SignMethod method, @Nullable Path publicKey, @Nullable Path privateKey, String message) {
        assertThatThrownBy(() -> tokens(method, publicKey, privateKey))
                .isInstanceOf(TokenKeyException.class)
                .hasMessageStartingWith("--auth-token")
                .hasMessageContaining(message);
    }
}
