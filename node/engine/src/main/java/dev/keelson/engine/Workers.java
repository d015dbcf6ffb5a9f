package dev.keelson.engine;

/**
 * The places where the parts of a node run.
 *
 * @param consensus drives the consensus core; nothing on it ever waits
 * @param append writes and syncs the log
 * @param apply executes committed entries; the only writer of the store
 * @param reads answers reads; may run several units at once
 * @param background flushes, checkpoints and compaction, which may take long
 * @param watches tells those who watch of what was applied
 */
public record Workers(Worker consensus, Worker append, Worker apply, Worker reads, Worker background, Worker watches) {}
