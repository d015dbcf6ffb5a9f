/** The edge: the Quarkus application, its configuration, and the reconciler that the Java Operator SDK calls. */
@NullMarked
package dev.keelson.operator;

import org.jspecify.annotations.NullMarked;
