@NullMarked
package dev.keelson.server.contest;

import org.jspecify.annotations.NullMarked;
