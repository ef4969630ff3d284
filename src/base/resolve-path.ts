/**
 * The path as seen from an absolute folder, absolute and without `.` and `..`, as POSIX says; a path
 * that begins with `/` stays where it is. Nothing is looked up, so symbolic links are not followed.
 */
export function resolvePath(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${folder}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** The folder that an absolute path stands in. */
export function folderOfPath(path: string): string {
  return resolvePath(path, '..');
}
