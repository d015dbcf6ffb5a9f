@NullMarked
package dev.keelson.operator.execute;

import org.jspecify.annotations.NullMarked;
