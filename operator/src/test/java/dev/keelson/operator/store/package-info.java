@NullMarked
package dev.keelson.operator.store;

import org.jspecify.annotations.NullMarked;
