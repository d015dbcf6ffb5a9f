@NullMarked
package dev.keelson.mvcc.lease;

import org.jspecify.annotations.NullMarked;
