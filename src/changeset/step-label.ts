import { ConnectorError } from '../errors/connector-error.ts';

/** A step in a message: `Step 2 "person" (contact.create)`. */
export function labelOf(
  { name, action }: { readonly name?: string; readonly action: string },
  index: number,
): string {
  return `Step ${index + 1}${name === undefined ? '' : ` "${name}"`} (${action})`;
}

/** The same error with the step in its message and in the paths of its issues. */
export function withStepPath(error: ConnectorError, label: string, index: number): ConnectorError {
  const { issues, ...details } = error.details;
  return new ConnectorError(error.code, `${label}: ${error.message}`, {
    ...details,
    issues: issues?.map((issue) => ({ ...issue, path: `/steps/${index}/input${issue.path}` })),
  });
}
