#!/bin/sh
# What the tests need beside Python: a Redis server, a browser, and faketime, which
# shifts the clock of a process. As root on Debian they are installed; else it is said loudly which tests are left out.
missing=""
command -v redis-server >/dev/null 2>&1 || missing="$missing redis-server"
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
command -v faketime >/dev/null 2>&1 || missing="$missing faketime"
if [ -n "$missing" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing for the tests:$missing"
    apt-get update -qq >/dev/null 2>&1
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -yqq $missing fonts-noto-core >/dev/null 2>&1
fi
command -v redis-server >/dev/null 2>&1 || echo "LEFT OUT: the tests of the bell on Redis, because redis-server is missing"
command -v chromium >/dev/null 2>&1 || echo "LEFT OUT: the browser tests, because chromium is missing"
command -v faketime >/dev/null 2>&1 || echo "LEFT OUT: the test of a process whose clock jumps, because faketime is missing"
exit 0
