"""The members under test, from ENDPOINTS, and keys that no other test uses."""

import os
import time

ADDRESSES = [(host, int(port)) for host, port in (a.split(":") for a in os.environ["ENDPOINTS"].split(","))]

SHORT_TTL = 2
LONG_TTL = 100
PATIENCE = 30

_run = time.time_ns()


def keys_of(test):
    return f"python/{_run}/{test.id()}/"


def until(condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("waited in vain")
        time.sleep(0.02)
