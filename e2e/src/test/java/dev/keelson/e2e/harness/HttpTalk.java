package dev.keelson.e2e.harness;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** One request on a connection of its own, sent as it is; texts stand for bytes, a character each. */
final class HttpTalk implements AutoCloseable {

    private static final int SILENCE_MILLIS_MAX = 20_000;
    private static final int ALL_PARTS = Integer.MAX_VALUE;

    /** A mask of zeros leaves what it masks as it is. */
    private static final byte[] MASK = new byte[4];

    private static final int TEXT_FRAME = 0x81;
    private static final int SHORT_LENGTH_MAX = 125;
    private static final int LENGTH_IN_TWO_BYTES = 126;
    private static final int LENGTH_IN_EIGHT_BYTES = 127;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    HttpTalk(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(SILENCE_MILLIS_MAX);
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /** Header names are in lower case. */
    record Answer(String status, Map<String, String> headers, String body) {}

    /**
     * Sends a request and reads its answer.
     *
     * @param head without the length of the body and the empty line
     * @param parts lines of the body to read; 0 for all there are
     */
    Answer ask(String head, String body, int parts) throws IOException {
        boolean bodyless = head.startsWith("GET ") || head.startsWith("HEAD ");
        String length = bodyless ? "" : "Content-Length: " + body.length() + "\r\n";
        send(head + length + "\r\n" + body);
        Answer answer = head();
        if (answer.status().contains(" 100 ")) {
            answer = head();
        }
        return head.startsWith("HEAD ")
                ? answer
                : new Answer(answer.status(), answer.headers(), body(answer, parts == 0 ? ALL_PARTS : parts));
    }

    private String body(Answer head, int parts) throws IOException {
        if (head.headers().containsKey("transfer-encoding")) {
            return chunks(parts);
        }
        String length = head.headers().get("content-length");
        byte[] bytes = length == null ? new byte[0] : in.readNBytes(Integer.parseInt(length));
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String chunks(int parts) throws IOException {
        var body = new ByteArrayOutputStream();
        int lines = 0;
        int length = Integer.parseInt(line(), 16);
        while (length > 0) {
            for (byte each : in.readNBytes(length)) {
                body.write(each);
                lines += each == '\n' ? 1 : 0;
            }
            line();
            if (lines >= parts) {
                break;
            }
            length = Integer.parseInt(line(), 16);
        }
        return body.toString(StandardCharsets.UTF_8);
    }

    /** Sends messages to a websocket and reads as many as are asked for. */
    Answer converse(String head, List<String> messages, int parts) throws IOException {
        send(head + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        Answer answer = head();
        for (String message : messages) {
            byte[] payload = message.getBytes(StandardCharsets.ISO_8859_1);
            if (payload.length > SHORT_LENGTH_MAX) {
                throw new IllegalArgumentException("a long message: " + message);
            }
            out.write(ByteBuffer.allocate(2 + MASK.length + payload.length)
                    .put((byte) TEXT_FRAME)
                    .put((byte) (0x80 | payload.length))
                    .put(MASK)
                    .put(payload)
                    .array());
        }
        var received = new ArrayList<String>();
        while (received.size() < parts) {
            received.add(frame());
        }
        return new Answer(answer.status(), answer.headers(), String.join("\n", received));
    }

    private String frame() throws IOException {
        int first = in.read();
        int length = in.read();
        if (length == LENGTH_IN_TWO_BYTES) {
            length = ByteBuffer.wrap(in.readNBytes(Short.BYTES)).getShort() & 0xffff;
        } else if (length == LENGTH_IN_EIGHT_BYTES) {
            length = (int) ByteBuffer.wrap(in.readNBytes(Long.BYTES)).getLong();
        }
        String payload = length < 0 ? "the end" : new String(in.readNBytes(length), StandardCharsets.UTF_8);
        return first == TEXT_FRAME ? payload : "frame " + first + " " + payload;
    }

    private void send(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private Answer head() throws IOException {
        String status = line();
        var headers = new TreeMap<String, String>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return new Answer(status, headers, "");
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the connection ended within a line: " + line.toString(StandardCharsets.UTF_8));
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8).stripTrailing();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
