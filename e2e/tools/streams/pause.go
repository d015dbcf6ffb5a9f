package main

func pause([]string) error { return nil }
