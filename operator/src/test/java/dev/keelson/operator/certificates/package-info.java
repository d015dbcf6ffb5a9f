@NullMarked
package dev.keelson.operator.certificates;

import org.jspecify.annotations.NullMarked;
