package dev.keelson.server.http;

import java.util.function.Consumer;

/** The versions of etcd that clients may expect of this member. */
final class VersionRoute implements HttpRoute {

    private final NodeHealth node;

    VersionRoute(NodeHealth node) {
        this.node = node;
    }

    @Override
    public void serve(HttpRequest request, Consumer<HttpReply> answer) {
        String cluster = node.clusterVersion();
        answer.accept(HttpReply.of(
                200,
                "application/json",
                "{\"etcdserver\":\"" + EtcdVersion.SERVER + "\",\"etcdcluster\":\""
                        + (cluster.isEmpty() ? "not_decided" : cluster)
                        + "\",\"storage\":\"" + EtcdVersion.storage(cluster) + "\"}"));
    }
}
