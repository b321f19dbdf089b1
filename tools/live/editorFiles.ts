/**
 * Files that editors keep beside the one that is edited, for as long as they are at it: of Vim, Emacs, nano, JetBrains'
 * and GNOME's editors, and what they write before they rename it.
 */
const ofEditor = /(^|\/)(\.[^/]*\.sw[a-z]|[^/]*~|\.?#[^/]*#?|4913|[^/]*___jb_(tmp|old)___|\.goutputstream-[^/]*)$/;

/** Whether a path is that of a file which an editor keeps for itself. */
export const isOfEditor = (name: string): boolean => ofEditor.test(name);
