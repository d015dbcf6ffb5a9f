@NullMarked
package dev.keelson.operator.kubernetes;

import org.jspecify.annotations.NullMarked;
