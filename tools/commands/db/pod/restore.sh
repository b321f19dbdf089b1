# Replaces the database by a dump on standard input, of so many bytes: restore.sh BYTES
#
# Prints "ready" on standard error once all of it is in the transaction, and "done" after the line "commit" on standard
# input. Without that line, and after any error, the database is as it was.
bytes=$1
{
  cat <<'SQL'
BEGIN;
SET LOCAL lock_timeout = '30s';
SET LOCAL client_min_messages = error;
DO $$
DECLARE
  command text;
BEGIN
  -- All are named before the first is dropped, which may take others along.
  FOREACH command IN ARRAY ARRAY(
    SELECT format('DROP SCHEMA %I CASCADE', nspname)
    FROM pg_namespace
    WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public')
      AND pg_has_role(nspowner, 'USAGE')
      AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_namespace'::regclass AND objid = pg_namespace.oid AND deptype = 'e')
    UNION ALL
    SELECT format('DROP %s IF EXISTS %I.%I CASCADE',
      CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
        WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END,
      'public', relname)
    FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
      AND pg_has_role(relowner, 'USAGE')
      -- Neither of an extension nor of a column.
      AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype IN ('e', 'a', 'i'))
    UNION ALL
    SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', oid::regprocedure)
    FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND pg_has_role(proowner, 'USAGE')
      AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid AND deptype = 'e')
    UNION ALL
    SELECT format('DROP TYPE IF EXISTS %I.%I CASCADE', 'public', typname)
    FROM pg_type
    WHERE typnamespace = 'public'::regnamespace AND pg_has_role(typowner, 'USAGE')
      AND (typtype IN ('e', 'd', 'r') OR typtype = 'c' AND EXISTS (SELECT FROM pg_class WHERE oid = typrelid AND relkind = 'c'))
      AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_type'::regclass AND objid = pg_type.oid AND deptype = 'e')
    UNION ALL
    SELECT format('DROP COLLATION IF EXISTS %I.%I', 'public', collname)
    FROM pg_collation
    WHERE collnamespace = 'public'::regnamespace AND pg_has_role(collowner, 'USAGE'))
  LOOP
    EXECUTE command;
  END LOOP;
  PERFORM lo_unlink(oid) FROM pg_largeobject_metadata WHERE pg_has_role(lomowner, 'USAGE');
END
$$;
SQL
  head -c "$bytes" | pg_restore --no-owner --no-privileges --file=- &&
    printf '\n\\warn ready\n' && read -r word && [ "$word" = commit ] && printf 'COMMIT;\n\\warn done\nANALYZE;\n'
} | psql --no-psqlrc --quiet --output=/dev/null --set ON_ERROR_STOP=1 --file=-
