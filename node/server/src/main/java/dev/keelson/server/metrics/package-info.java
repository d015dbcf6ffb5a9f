/**
 * What a member counts and measures, under etcd's names and in Prometheus' text form.
 *
 * <p>Counts live in adders and histograms that are made once; a name, a label or a line of text is only made when somebody
 * asks. Hot path: no allocation, no lock, no look-up by name.
 */
@NullMarked
package dev.keelson.server.metrics;

import org.jspecify.annotations.NullMarked;
