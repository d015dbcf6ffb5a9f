/** One running member: the engine on real threads, real files and real peers. */
@NullMarked
package dev.keelson.server.member;

import org.jspecify.annotations.NullMarked;
