@NullMarked
package dev.keelson.operator.plan;

import org.jspecify.annotations.NullMarked;
