/** Paths with forward slashes, resolved without a file system (a browser has none). */

/** The folder of a file: "." for a bare name. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  if (slash < 0) return '.';
  return slash === 0 ? '/' : path.slice(0, slash);
}

/** `path` as seen from the folder `base`, with `.` and `..` resolved as far as they can be. */
export function resolvePath(base: string, path: string): string {
  const joined = isAbsolute(path) || base === '.' || base === '' ? path : `${base}/${path}`;
  const parts: string[] = [];
  for (const part of joined.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  const rooted = joined.startsWith('/') ? '/' : '';
  return rooted + parts.join('/') || '.';
}

export function isPattern(path: string): boolean {
  return /[*?]/.test(path);
}

/** The folder a pattern starts in, and what is left of it: "../k8s/*.yaml" looks for "*.yaml" in "../k8s". */
export function splitPattern(
  base: string,
  pattern: string,
): { readonly base: string; readonly pattern: string } {
  const slash = pattern.slice(0, pattern.search(/[*?]/)).lastIndexOf('/');
  if (slash < 0) return { base, pattern };
  return { base: resolvePath(base, pattern.slice(0, slash) || '/'), pattern: pattern.slice(slash + 1) };
}

function isAbsolute(path: string): boolean {
  return path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path);
}
