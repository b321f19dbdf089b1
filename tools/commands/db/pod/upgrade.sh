# Copies the database of an older server, which serves at the socket in /sockets/old, into a new folder of the same
# volume: upgrade.sh FOLDER
#
# Prints what it does on standard error, "ready" once the copy is whole, and "done" after the line "commit" on standard
# input. Without that line nothing is left.
final=$1
partial=$final.partial
new="--host=/sockets/new --username=django"
old="--host=/sockets/old --username=django"
fail() {
  echo "$1" >&2
  exit 1
}
finish() {
  pg_ctl stop --pgdata="$partial/data" --mode=fast --silent >/dev/null 2>&1
  rm -rf "$partial"
}
trap finish EXIT
trap 'exit 1' INT TERM HUP
query() { psql --no-psqlrc --quiet --no-align --tuples-only --set ON_ERROR_STOP=1 "$@"; }
# Of every table, its number of rows.
rows() {
  query "$@" --dbname=django --file=- <<'SQL'
SELECT format('SELECT %L, count(*) FROM %I.%I', nspname || '.' || relname, nspname, relname)
FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind = 'r' AND nspname !~ '^pg_' AND nspname <> 'information_schema'
ORDER BY nspname, relname \gexec
SQL
}

others=$(query $old --dbname=django --command \
  "SELECT string_agg(datname, ', ') FROM pg_database WHERE NOT datistemplate AND datname NOT IN ('postgres', 'django')") || exit
[ -z "$others" ] || fail "the server has other databases ($others), which would not be copied"
# Nobody uses it: an earlier upgrade was not finished.
rm -rf "$final" "$partial" && mkdir "$partial" || exit
used=$(query $old --dbname=django --command 'SELECT pg_database_size(current_database()) / 1024') || exit
free=$(df -Pk "$partial" | awk 'NR == 2 { print $4 }')
[ "$free" -gt $((used * 2)) ] || fail "the volume has $free kB free, and the copy needs up to $((used * 2)) kB"

echo "making the new server" >&2
initdb --username=django --pgdata="$partial/data" --auth-local=trust --auth-host=scram-sha-256 >/dev/null &&
  echo 'host all all all scram-sha-256' >>"$partial/data/pg_hba.conf" &&
  pg_ctl start --pgdata="$partial/data" --wait --silent --log="$partial/log" \
    --options="-c listen_addresses='' -c unix_socket_directories=/sockets/new" >/dev/null || exit
echo "dumping" >&2
pg_dump $old --format=custom --file="$partial/dump" django || exit
echo "restoring" >&2
createdb $new django && pg_restore $new --exit-on-error --single-transaction --dbname=django "$partial/dump" || exit
echo "comparing" >&2
rows $old >"$partial/old" && rows $new >"$partial/new" || exit
cmp -s "$partial/old" "$partial/new" || fail "the copy has other rows than the database"
query $new --dbname=django --command ANALYZE &&
  pg_ctl stop --pgdata="$partial/data" --wait --silent >/dev/null && sync || exit
echo ready >&2
read -r word && [ "$word" = commit ] || exit
mv "$partial/data" "$final" && sync && echo done >&2
