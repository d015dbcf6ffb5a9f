package dev.keelson.log.file;

/** What a name stands for. */
sealed interface CrashFileSystemNode permits CrashFileSystemDirectory, CrashFileSystemInode {}
