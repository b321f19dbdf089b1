# Removes what an upgrade left: each folder of data in the volume but the one that the server has. Prints their names.
current=$(psql --no-psqlrc --quiet --no-align --tuples-only --command 'SHOW data_directory') || exit
cd /var/lib/postgresql/data && [ -d "$current" ] || exit
for folder in pgdata pgdata-*; do
  if [ -d "$folder" ] && [ "$PWD/$folder" != "$current" ]; then
    rm -rf "$folder" && echo "$folder" || exit
  fi
done
