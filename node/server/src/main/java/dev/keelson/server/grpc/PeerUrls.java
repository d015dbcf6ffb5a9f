package dev.keelson.server.grpc;

import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;

/** The peer URLs that a client gives for a member. */
final class PeerUrls {

    private PeerUrls() {}

    /**
     * The URLs without blanks around them, sorted.
     *
     * @throws StoreException when there are none, or one that nobody could be reached at
     */
    static List<String> checked(List<String> given) {
        List<String> urls = given.stream().map(String::strip).sorted().toList();
        if (urls.isEmpty() || !urls.stream().allMatch(PeerUrls::isUsable)) {
            throw new StoreException(StoreError.MEMBER_BAD_URLS);
        }
        return urls;
    }

    private static boolean isUsable(String text) {
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException malformed) {
            return false;
        }
        boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        return web
                && url.getHost() != null
                && url.getPort() > 0
                && url.getRawPath().isEmpty();
    }
}
