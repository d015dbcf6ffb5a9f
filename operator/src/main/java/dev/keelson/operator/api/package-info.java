/** The custom resources users write and read; the source of the files in {@code crds/}. */
@NullMarked
package dev.keelson.operator.api;

import org.jspecify.annotations.NullMarked;
