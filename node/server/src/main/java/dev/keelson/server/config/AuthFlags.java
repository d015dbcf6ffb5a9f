package dev.keelson.server.config;

import dev.keelson.server.auth.AuthConfig;
import dev.keelson.server.auth.Passwords;
import dev.keelson.server.auth.SignMethod;
import dev.keelson.server.auth.TokenConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Computes from the flags how callers are told apart; the files of keys are read later, by who needs them. */
final class AuthFlags {

    private static final String FLAG = "--auth-token";
    private static final String SIGN_METHOD = "sign-method";
    private static final String PUBLIC_KEY = "pub-key";
    private static final String PRIVATE_KEY = "priv-key";
    private static final String LIFE = "ttl";
    private static final List<String> OPTIONS = List.of(SIGN_METHOD, PUBLIC_KEY, PRIVATE_KEY, LIFE);

    private static final Duration SIGNED_LIFE_STANDARD = Duration.ofMinutes(5);

    /** Of a simple token: ten years, which nobody can tell from forever. */
    private static final long LIFE_SECONDS_MAX = 315_360_000;

    private final FlagValues flags;
    private final List<String> warnings;

    /** @param warnings takes what is worth knowing about them */
    AuthFlags(FlagValues flags, List<String> warnings) {
        this.flags = flags;
        this.warnings = warnings;
    }

    AuthConfig toConfig() {
        return new AuthConfig(tokens(), bcryptCost(), flags.isOn("client-cert-auth"));
    }

    private int bcryptCost() {
        long cost = natural("bcrypt-cost");
        if (cost < Passwords.COST_MIN || cost > Passwords.COST_MAX) {
            warnings.add("--bcrypt-cost=" + cost + " is not used, as it is not from " + Passwords.COST_MIN + " to "
                    + Passwords.COST_MAX + "; hashes of passwords cost " + Passwords.COST_STANDARD);
            return Passwords.COST_STANDARD;
        }
        return (int) cost;
    }

    /** Go has a type for numbers that cannot be negative, and etcd uses it for these flags. */
    private long natural(String flag) {
        long value = flags.number(flag);
        if (value < 0) {
            throw FlagException.syntax("invalid value \"" + value + "\" for --" + flag + ": give 0 or more");
        }
        return value;
    }

    private TokenConfig tokens() {
        long seconds = natural("auth-token-ttl");
        String given = flags.text("auth-token");
        String[] parts = given.split(",", -1);
        Map<String, String> options = options(given, parts);
        return switch (parts[0]) {
            case "simple" -> simple(seconds);
            case "jwt" -> signed(given, options);
            case "" -> TokenConfig.None.NONE;
            default -> throw refused(given, "\"" + parts[0] + "\" is no kind of token; give simple or jwt");
        };
    }

    private static TokenConfig simple(long seconds) {
        return seconds == 0
                ? TokenConfig.STANDARD
                : new TokenConfig.Simple(Duration.ofSeconds(Math.min(seconds, LIFE_SECONDS_MAX)));
    }

    private static Map<String, String> options(String given, String[] parts) {
        var options = new LinkedHashMap<String, String>();
        for (int i = 1; i < parts.length; i++) {
            String[] pair = parts[i].split("=", -1);
            if (pair.length != 2) {
                throw refused(given, "\"" + parts[i] + "\" is not option=value");
            }
            if (options.put(pair[0], pair[1]) != null) {
                throw refused(given, pair[0] + " is given twice");
            }
        }
        return options;
    }

    private TokenConfig signed(String given, Map<String, String> options) {
        List<String> unknown = options.keySet().stream()
                .filter(option -> !OPTIONS.contains(option))
                .toList();
        if (!unknown.isEmpty()) {
            warnings.add(FLAG + ": unknown options " + unknown + "; known are " + OPTIONS);
        }
        String method = options.getOrDefault(SIGN_METHOD, "");
        return new TokenConfig.Signed(
                SignMethod.of(method)
                        .orElseThrow(() -> refused(
                                given,
                                "sign-method=" + method + " is no way to sign tokens; give one of "
                                        + SignMethod.all())),
                path(options, PUBLIC_KEY),
                path(options, PRIVATE_KEY),
                life(given, options.getOrDefault(LIFE, "")));
    }

    private static @Nullable Path path(Map<String, String> options, String option) {
        String path = options.getOrDefault(option, "");
        return path.isEmpty() ? null : Path.of(path);
    }

    private static Duration life(String given, String life) {
        if (life.isEmpty()) {
            return SIGNED_LIFE_STANDARD;
        }
        long millis;
        try {
            millis = Durations.millis(life, FLAG);
        } catch (FlagException _) {
            throw refused(given, "ttl=" + life + " is no duration; give one such as 5m");
        }
        if (millis <= 0) {
            throw refused(given, "ttl=" + life + " lets no token hold; give more than 0");
        }
        return Duration.ofMillis(millis);
    }

    private static FlagException refused(String given, String why) {
        return new FlagException("invalid auth options " + FLAG + "=" + given + ": " + why);
    }
}
