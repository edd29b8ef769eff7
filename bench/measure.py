"""Runs a command and says what it cost; the figures of many runs."""

import math
import os
import socket
import threading
import time


class Cost:
    """Wall time and CPU in seconds, peak memory in bytes, of one run of a command and what it waited for."""

    def __init__(self, wall, cpu, memory, status):
        self.wall, self.cpu, self.memory, self.status = wall, cpu, memory, status


def run(words, environment, stdin=b"", folder=None, expect=0):
    """Runs a program with bytes on a socket as its standard input, as the agents start their hooks."""
    ours, theirs = socket.socketpair()
    quiet = os.open(os.devnull, os.O_WRONLY)
    actions = [
        (os.POSIX_SPAWN_DUP2, theirs.fileno(), 0),
        (os.POSIX_SPAWN_DUP2, quiet, 1),
        (os.POSIX_SPAWN_DUP2, quiet, 2),
    ]
    here = os.getcwd()
    if folder:
        os.chdir(folder)
    try:
        begin = time.perf_counter()
        pid = os.posix_spawn(words[0], words, environment, file_actions=actions)
    finally:
        os.chdir(here)
    theirs.close()

    def feed():
        try:
            ours.sendall(stdin)
            ours.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # it ended without reading all of it

    feeder = None
    if len(stdin) > 16_384:
        feeder = threading.Thread(target=feed)
        feeder.start()
    else:
        feed()
    _, status, usage = os.wait4(pid, 0)
    wall = time.perf_counter() - begin
    ours.close()
    if feeder:
        feeder.join()
    os.close(quiet)
    code = os.waitstatus_to_exitcode(status)
    if expect is not None and code != expect:
        raise SystemExit(f"exit code {code} from {' '.join(words)}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, code)


def quantile(values, part):
    """The value below which this part of the values lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * part) - 1)]


def processor_time(pid):
    """CPU seconds a process has used so far, all its threads; Linux."""
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_memory(pid):
    """Peak resident memory of a process in bytes; Linux."""
    with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:
        for line in file:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return 0


def until(what, question, limit=60.0):
    """Asks until the answer is truthy, and returns it."""
    deadline = time.monotonic() + limit
    while True:
        answer = question()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise SystemExit(f"not within {limit:.0f} s: {what}")
        time.sleep(0.02)


def milliseconds(seconds):
    """For a table."""
    value = seconds * 1000
    return f"{value:.1f} ms" if value < 100 else f"{value:,.0f} ms"


def megabytes(size):
    """For a table."""
    return f"{size / 1e6:,.0f} MB"
