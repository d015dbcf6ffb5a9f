package dev.keelson.server.gateway;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A connection of which a test says and hears every byte. */
final class RawHttp implements AutoCloseable {

    private static final int SILENCE_MILLIS_MAX = 20_000;

    final Socket socket;
    private final InputStream in;

    RawHttp(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(SILENCE_MILLIS_MAX);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** The head of an answer; header names are in lower case. */
    record Head(String status, Map<String, String> headers) {}

    /** An answer that has come as a whole. */
    record Answer(Head head, String body) {}

    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    void post(String path, String body) throws IOException {
        send("POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    /** Begins a request whose body follows in chunks. */
    void beginPost(String path) throws IOException {
        send("POST " + path + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    }

    void chunk(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        send(Integer.toHexString(bytes.length) + "\r\n" + text + "\r\n");
    }

    void endOfChunks() throws IOException {
        send("0\r\n\r\n");
    }

    Head head() throws IOException {
        String status = line();
        var headers = new TreeMap<String, String>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return new Head(status, headers);
    }

    Answer answer() throws IOException {
        Head head = head();
        if (head.headers().containsKey("transfer-encoding")) {
            var body = new StringBuilder();
            for (String part = part(); !part.isEmpty(); part = part()) {
                body.append(part);
            }
            return new Answer(head, body.toString());
        }
        int length = Integer.parseInt(head.headers().getOrDefault("content-length", "0"));
        return new Answer(head, new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }

    /** The next chunk; the empty text for the last one. */
    String part() throws IOException {
        int length = Integer.parseInt(line(), 16);
        String part = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        line();
        return part;
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the connection ended within \"" + line.toString(StandardCharsets.UTF_8) + "\"");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8).stripTrailing();
    }

    /** Whether the other end closes without another word. */
    boolean isClosedByPeer() throws IOException {
        return in.read() < 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
