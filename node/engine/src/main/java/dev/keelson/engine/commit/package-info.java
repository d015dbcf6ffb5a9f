/** Group commit: many appends, one sync in flight. Hot path. */
@NullMarked
package dev.keelson.engine.commit;

import org.jspecify.annotations.NullMarked;
