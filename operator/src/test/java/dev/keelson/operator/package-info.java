@NullMarked
package dev.keelson.operator;

import org.jspecify.annotations.NullMarked;
