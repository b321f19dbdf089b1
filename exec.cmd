@rem For `npm run watch` on Windows. Elsewhere the shell has a command of that name; with it Ctrl-C ends with exit code 0.
@%*
