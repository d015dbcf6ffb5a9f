package dev.keelson.raft.interaction;

import java.util.ArrayList;
import java.util.List;

/**
 * Commands of a script with what is said about them. A block is comment lines, one command, a line {@code ----}, and the
 * trace; an empty line ends it.
 */
final class Script {

    private record Block(List<String> comments, String command) {}

    private final List<Block> blocks;

    private Script(List<Block> blocks) {
        this.blocks = blocks;
    }

    static Script parse(String text) {
        var blocks = new ArrayList<Block>();
        var comments = new ArrayList<String>();
        boolean inTrace = false;
        for (String line : text.lines().toList()) {
            if (line.isEmpty()) {
                inTrace = false;
            } else if (line.equals("----")) {
                inTrace = true;
            } else if (!inTrace && line.startsWith("#")) {
                comments.add(line);
            } else if (!inTrace) {
                blocks.add(new Block(List.copyOf(comments), line));
                comments.clear();
            }
        }
        return new Script(blocks);
    }

    String run() {
        var cluster = new ScriptedCluster();
        var text = new StringBuilder();
        for (Block block : blocks) {
            block.comments().forEach(comment -> text.append(comment).append('\n'));
            String trace = cluster.run(block.command());
            text.append(block.command()).append("\n----\n").append(trace.isEmpty() ? "ok\n" : trace);
            text.append('\n');
        }
        return text.substring(0, Math.max(0, text.length() - 1));
    }
}
