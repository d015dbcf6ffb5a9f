/** The clock of leases: when which lease is due, in a time that is passed in. */
@NullMarked
package dev.keelson.mvcc.lease;

import org.jspecify.annotations.NullMarked;
