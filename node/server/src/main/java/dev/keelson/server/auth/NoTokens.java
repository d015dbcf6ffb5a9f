package dev.keelson.server.auth;

/** No tokens at all: only certificates say who somebody is. */
public enum NoTokens implements Tokens {
    INSTANCE;

    private static final Draft NOTHING = new Draft("", new byte[0]);

    @Override
    public Draft draft() {
        return NOTHING;
    }

    @Override
    public void assign(String user, byte[] digest, long index) {}

    @Override
    public String issue(Draft draft, Login login) throws NotIssuedException {
        throw new NotIssuedException("auth: this member gives out no tokens");
    }

    @Override
    public Caller find(String token, Progress at) {
        return Caller.Unknown.BAD_TOKEN;
    }

    @Override
    public void forget(String user) {}

    @Override
    public void forgetAll() {}
}
