/**
 * The beginning of a script that runs Postgres' clients: they go where the variables of the pod say, and in the pod of
 * the server to its socket, which trusts its user. The password stands in no command. A URL may ask for TLS, which none
 * of the variables says.
 */
export const connectScript = `export PGHOST="\${PGHOST:-/var/run/postgresql}" PGUSER="\${PGUSER:-django}" PGDATABASE="\${PGDATABASE:-django}"
export PGCONNECT_TIMEOUT=10
case "\${DATABASE_URL:-}" in
  *[?\\&]sslmode=*) mode="\${DATABASE_URL##*[?&]sslmode=}"; export PGSSLMODE="\${mode%%&*}" ;;
esac
`;
