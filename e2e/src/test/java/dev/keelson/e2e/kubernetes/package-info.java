/** The operator on a real Kubernetes, and its chart. */
@org.jspecify.annotations.NullMarked
package dev.keelson.e2e.kubernetes;
