/** What keeps a cluster fit: alarms, quota, space, compaction by itself, comparison of histories, and the way down a version. */
@NullMarked
package dev.keelson.engine.maintenance;

import org.jspecify.annotations.NullMarked;
