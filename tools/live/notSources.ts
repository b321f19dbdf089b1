/**
 * Files that editors keep beside the one that is edited, for as long as they are at it: of Vim, Emacs, nano, JetBrains'
 * and GNOME's editors, and what they write before they rename it.
 */
const ofEditor = /(^|\/)(\.[^/]*\.sw[a-z]|[^/]*~|\.?#[^/]*#?|4913|[^/]*___jb_(tmp|old)___|\.goutputstream-[^/]*)$/;

/** Folders of version control, of packages, and of what tools keep. */
const ofTools =
  /(^|\/)(\.git|\.hg|\.svn|\.jj|node_modules|\.venv|venv|__pycache__|\.mypy_cache|\.pytest_cache|\.ruff_cache|\.tox|\.nox|\.idea|\.vscode)(\/|$)/;

/**
 * What processes write: bytecode, logs, and databases, of which the pod has its own with its own rows. A save must never
 * replace them.
 */
const ofProcesses = /\.(pyc|pyo|log|sqlite3?|db)(-journal|-wal|-shm)?$/;

/** Whether a path of a project is none of its sources, so that it is not brought to pods, whatever `.dockerignore` says. */
export const isNoSource = (name: string): boolean =>
  ofEditor.test(name) || ofTools.test(name) || ofProcesses.test(name);
