@NullMarked
package dev.keelson.operator.api;

import org.jspecify.annotations.NullMarked;
