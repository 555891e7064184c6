// A name, optionally followed by a key or arguments in parentheses, in which quoted text may contain anything.
const segment = /^\/([A-Za-z_$][\w.$]*)(\((?:'[^']*'|[^'()])*\))?(?=\/|$)/;

/**
 * Replaces the keys and arguments in a path, so that it can be logged: `/incidents(…)/Microsoft.Dynamics.CRM.Merge`.
 * From the first segment on that is not a name with optional parentheses, the path is replaced completely.
 */
export function redactPath(path: string): string {
  let rest = path.replaceAll('%27', "'");
  let shown = '';
  while (rest !== '') {
    const match = segment.exec(rest);
    if (match === null) return `${shown}/…`;
    shown += `/${match[1]}${match[2] === undefined ? '' : '(…)'}`;
    rest = rest.slice(match[0].length);
  }
  return shown;
}
