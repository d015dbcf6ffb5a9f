/** What users read: conditions, members, the plan. */
@NullMarked
package dev.keelson.operator.status;

import org.jspecify.annotations.NullMarked;
