"""Runs a program in a pseudo-terminal: orders in on standard input, what the terminal gets out on standard output.

Usage: driver.py COLUMNS ROWS PROGRAM ARGUMENT...
Orders, one a line: `keys HEX`, `size COLUMNS ROWS`, `signal NUMBER`. At the end: the program's exit status.
"""
import fcntl, os, pty, select, signal, struct, sys, termios


def size(fd, columns, rows):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def main():
    columns, rows = int(sys.argv[1]), int(sys.argv[2])
    gate, opened = os.pipe()
    child, fd = pty.fork()
    if child == 0:
        os.close(opened)
        os.read(gate, 1)
        os.execv(sys.argv[3], sys.argv[3:])
    size(fd, columns, rows)
    os.close(opened)
    orders, pending = sys.stdin.buffer.fileno(), b""
    watched = [fd, orders]
    while fd in watched:
        for ready in select.select(watched, [], [], 0.2)[0]:
            try:
                data = os.read(ready, 65536)
            except OSError:
                data = b""
            if not data:
                watched.remove(ready)
                if ready == orders:
                    os.kill(child, signal.SIGKILL)
            elif ready == fd:
                os.write(1, data)
            else:
                pending += data
                *lines, pending = pending.split(b"\n")
                for line in lines:
                    word, *rest = line.decode().split()
                    if word == "keys":
                        os.write(fd, bytes.fromhex(rest[0]))
                    elif word == "size":
                        size(fd, int(rest[0]), int(rest[1]))
                    elif word == "signal":
                        os.kill(child, int(rest[0]))
    status = os.waitpid(child, 0)[1]
    os.close(1)
    sys.exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))


main()
