# Prints the server's version, the client's, the database's size in bytes, and then the tables that have rows of the
# project: those that Django's own `migrate` fills do not count.
psql="psql --no-psqlrc --quiet --no-align --tuples-only --set ON_ERROR_STOP=1"
$psql --command 'SHOW server_version' && pg_dump --version && $psql --command 'SELECT pg_database_size(current_database())' &&
  $psql --file=- <<'SQL'
SELECT format('SELECT %L WHERE EXISTS (SELECT FROM %I.%I)', relname, nspname, relname)
FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind = 'r' AND nspname !~ '^pg_' AND nspname <> 'information_schema'
  AND NOT (relname IN ('django_migrations', 'django_content_type', 'auth_permission', 'django_site'))
  AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')
ORDER BY relname \gexec
SQL
