/**
 * The segmented write-ahead log: the only log there is.
 *
 * <p>Hot path: {@code SegmentedLog.append}, {@code RecordWriter}, {@code EntryIndex}, {@code EntryCache}. No allocation per
 * entry, no I/O under the monitor; {@code SegmentedLogBenchmark} measures them.
 */
@NullMarked
package dev.keelson.log;

import org.jspecify.annotations.NullMarked;
