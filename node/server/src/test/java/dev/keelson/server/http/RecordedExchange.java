package dev.keelson.server.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** An exchange whose answer a test looks at; its loop is whoever calls. */
final class RecordedExchange implements HttpExchange {

    final Map<String, String> headers = new LinkedHashMap<>();
    final List<HttpRequest> upgrades = new ArrayList<>();

    @Nullable
    HttpReply reply;

    @Override
    public SocketAddress remoteAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    }

    @Override
    public Executor loop() {
        return Runnable::run;
    }

    @Override
    public void later(long nanos, Runnable action) {}

    @Override
    public void header(String name, String value) {
        headers.put(name, value);
    }

    @Override
    public void read() {}

    @Override
    public void reply(HttpReply whole) {
        reply = whole;
    }

    @Override
    public void begin(int status, Map<String, String> more) {}

    @Override
    public void write(byte[] part) {}

    @Override
    public void finish() {}

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public void upgrade(Map<String, String> more, HttpRequest as, StreamedRoute route) {
        headers.putAll(more);
        upgrades.add(as);
    }
}
