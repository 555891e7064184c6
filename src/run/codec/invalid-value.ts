import { ConnectorError } from '../../errors/connector-error.ts';
import type { Issue } from '../../model/diagnostic.ts';
import { toJsonPointer } from '../../model/json-pointer.ts';
import type { Reject } from '../../odata/encode-scalar.ts';

/** Throws INPUT_INVALID with all issues, if there are any; the message is the first of them. */
export function throwIfInvalid(issues: readonly Issue[]): void {
  const [first, ...others] = issues;
  if (first !== undefined) throw invalidValuesError([first, ...others]);
}

/** INPUT_INVALID with all issues; the message is the first of them. */
export function invalidValuesError(issues: readonly [Issue, ...Issue[]]): ConnectorError {
  const [{ path, message }, ...others] = issues;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return new ConnectorError('INPUT_INVALID', `${path || 'The input'} ${message}${more}`, { issues });
}

/** Rejects the value of a member: `rejectAt('/values', 'name')('must be text')`. */
export function rejectAt(path: string, ...names: readonly (string | number)[]): Reject {
  return (message) => {
    const full = path + names.map((name) => toJsonPointer(String(name))).join('');
    throw invalidValuesError([{ path: full, message, keyword: 'codec' }]);
  };
}
