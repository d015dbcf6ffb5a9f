/** Starts, kills and asks real processes; everything ends with the test that started it. */
@NullMarked
package dev.keelson.e2e.harness;

import org.jspecify.annotations.NullMarked;
