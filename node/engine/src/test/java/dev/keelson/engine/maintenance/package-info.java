@NullMarked
package dev.keelson.engine.maintenance;

import org.jspecify.annotations.NullMarked;
