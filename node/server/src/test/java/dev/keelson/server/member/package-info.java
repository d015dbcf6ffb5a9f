@NullMarked
package dev.keelson.server.member;

import org.jspecify.annotations.NullMarked;
