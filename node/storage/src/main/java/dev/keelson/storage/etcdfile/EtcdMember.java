package dev.keelson.storage.etcdfile;

import java.util.List;
import java.util.stream.Collectors;

/** A member as etcd records it: JSON under its id in lower-case hexadecimal. */
public record EtcdMember(long id, String name, List<String> peerUrls, List<String> clientUrls, boolean learner) {

    public EtcdMember {
        peerUrls = List.copyOf(peerUrls);
        clientUrls = List.copyOf(clientUrls);
    }

    String key() {
        return Long.toHexString(id);
    }

    String json() {
        return "{\"id\":" + Long.toUnsignedString(id) + ",\"peerURLs\":" + array(peerUrls)
                + (learner ? ",\"isLearner\":true" : "")
                + (name.isEmpty() ? "" : ",\"name\":" + quoted(name))
                + (clientUrls.isEmpty() ? "" : ",\"clientURLs\":" + array(clientUrls))
                + "}";
    }

    private static String array(List<String> texts) {
        return texts.stream().map(EtcdMember::quoted).collect(Collectors.joining(",", "[", "]"));
    }

    private static String quoted(String text) {
        var out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean plain = c >= ' ' && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&';
            out.append(plain ? c : String.format("\\u%04x", (int) c));
        }
        return out.append('"').toString();
    }
}
