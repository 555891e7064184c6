import { ConnectorError } from 'dynamics365-connector';

/** What went wrong and the next step, for people: the platform shows the message of an error and nothing else. */
export function describeError(thrown: unknown): string {
  if (!(thrown instanceof ConnectorError)) return thrown instanceof Error ? thrown.message : String(thrown);
  const { message, advice, code } = thrown;
  return `${message}\nNext: ${advice} (${code})`;
}

/** The error for the platform; its cause is the error itself. Errors that are not ours are returned as they are. */
export function toPieceError(thrown: unknown): unknown {
  if (!(thrown instanceof ConnectorError)) return thrown;
  return Object.assign(new Error(describeError(thrown), { cause: thrown }), { name: thrown.code });
}
