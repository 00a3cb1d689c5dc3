# Lethe and PostgreSQL, started on free ports in $WORK and always stopped. Sourced by ../run.

LETHE_PID=""
LETHE_URL=""
PG_BIN=""
PG_PORT=""

free_port() {
    "$PYTHON" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# start_lethe NAME: a server with nothing in it; sets LETHE_URL. Scenarios wait for /readyz.
start_lethe() {
    local port
    port=$(free_port)
    LETHE_URL=http://127.0.0.1:$port
    local arguments=(serve --listen "127.0.0.1:$port" --data-dir "$WORK/lethe-$1")
    if [ "$DATABASE" = postgres ]; then
        start_postgres || return 1
        "$PG_BIN/createdb" -h 127.0.0.1 -p "$PG_PORT" -U lethe "lethe_$1" || return 1
        arguments+=(--database "postgres://lethe@127.0.0.1:$PG_PORT/lethe_$1")
    fi
    env -u LETHE_ADMIN_TOKEN -u LETHE_CONFIG -u LETHE_DATABASE_URL LETHE_OPEN=true \
        "$LETHE_BIN" "${arguments[@]}" > "$DIR/logs/$1.server.log" 2>&1 &
    LETHE_PID=$!
}

# Stops the server as an operator would; it has to end by itself.
stop_lethe() {
    [ -n "$LETHE_PID" ] || return 0
    local pid=$LETHE_PID
    LETHE_PID=""
    kill -TERM "$pid" 2> /dev/null
    for _ in $(seq 100); do
        kill -0 "$pid" 2> /dev/null || { wait "$pid" 2> /dev/null; return 0; }
        sleep 0.1
    done
    echo "    FAILED the server did not stop within 10 s of SIGTERM"
    kill -KILL "$pid"
    return 1
}

# healthy_log NAME: the server's own log tells of no error and no panic.
healthy_log() {
    local found
    found=$(sed 's/\x1b\[[0-9;]*m//g' "$DIR/logs/$1.server.log" | grep -m 5 -E ' ERROR |panicked at') || return 0
    echo "    FAILED the server's log tells of errors: $found"
    return 1
}

find_postgres() {
    [ -n "$PG_BIN" ] && return 0
    local place
    for place in "$(pg_config --bindir 2> /dev/null)" /usr/lib/postgresql/*/bin; do
        [ -x "$place/initdb" ] && [ -x "$place/pg_ctl" ] && [ -x "$place/createdb" ] && PG_BIN=$place && break
    done
    [ -n "$PG_BIN" ] || die "no PostgreSQL server programs: apt-get install postgresql"
    [ "$(id -u)" != 0 ] || id postgres > /dev/null 2>&1 ||
        die "PostgreSQL does not run as root, and there is no user postgres to run it as"
}

as_postgres() {
    if [ "$(id -u)" = 0 ]; then
        (cd / && runuser -u postgres -- "$@")
    else
        "$@"
    fi
}

# A server of our own with user lethe and no password; kept for all scenarios of this run.
start_postgres() {
    [ -z "$PG_PORT" ] || return 0
    mkdir -p "$WORK/pg"
    chmod 755 "$WORK"
    [ "$(id -u)" != 0 ] || chown postgres "$WORK/pg"
    as_postgres "$PG_BIN/initdb" -D "$WORK/pg/data" -U lethe -A trust -E UTF8 --locale=C --no-sync > /dev/null ||
        return 1
    local port
    port=$(free_port)
    as_postgres "$PG_BIN/pg_ctl" -D "$WORK/pg/data" -w -l "$WORK/pg/log" -o \
        "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$WORK/pg -c fsync=off" start ||
        { cat "$WORK/pg/log"; return 1; }
    PG_PORT=$port
}

stop_postgres() {
    [ -n "$PG_PORT" ] || return 0
    as_postgres "$PG_BIN/pg_ctl" -D "$WORK/pg/data" -m immediate stop > /dev/null 2>&1
    PG_PORT=""
}
