/** RocksDB behind the ports of the store; the only code that sees it. */
@NullMarked
package dev.keelson.storage;

import org.jspecify.annotations.NullMarked;
