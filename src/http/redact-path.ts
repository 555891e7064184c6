// A name, then perhaps a key or arguments in parentheses, in which quoted text may hold anything.
const segment = /^\/([A-Za-z_$][\w.$]*)(\((?:'[^']*'|[^'()])*\))?(?=\/|$)/;

/**
 * The shape of a path without what identifies a row: `/incidents(…)/Microsoft.Dynamics.CRM.Merge`. What does
 * not read as names and parentheses is left out whole.
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
