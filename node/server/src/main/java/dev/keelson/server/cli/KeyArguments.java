package dev.keelson.server.cli;

import com.google.protobuf.ByteString;

/** Which keys a command means, from its words. */
record KeyArguments(ByteString key, ByteString end) {

    /** As the end of a range, what lies behind every key. */
    static final ByteString ZERO = ByteString.copyFrom(new byte[] {0});

    /** @throws CommandFailure when the words contradict each other */
    static KeyArguments of(String key, String end, boolean prefix, boolean fromKey) {
        if (prefix && fromKey) {
            throw new CommandFailure(
                    "`--prefix` and `--from-key` cannot be set at the same time, choose one",
                    CommandFailure.BAD_ARGUMENTS);
        }
        if (!end.isEmpty() && (prefix || fromKey)) {
            throw new CommandFailure(
                    "too many arguments, only accept one argument when `--prefix` or `--from-key` is set",
                    CommandFailure.BAD_ARGUMENTS);
        }
        ByteString begin = ByteString.copyFromUtf8(key);
        if (prefix || fromKey) {
            return key.isEmpty()
                    ? new KeyArguments(ZERO, ZERO)
                    : new KeyArguments(begin, fromKey ? ZERO : after(begin));
        }
        return new KeyArguments(begin, ByteString.copyFromUtf8(end));
    }

    /** The first key that does not begin with the prefix. */
    static ByteString after(ByteString prefix) {
        byte[] bytes = prefix.toByteArray();
        for (int last = bytes.length - 1; last >= 0; last--) {
            if (bytes[last] != (byte) 0xFF) {
                bytes[last]++;
                return ByteString.copyFrom(bytes, 0, last + 1);
            }
        }
        return ZERO;
    }
}
