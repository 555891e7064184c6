import { ConnectorError, type JsonObject } from 'dynamics365-connector';
import { suggest } from 'dynamics365-connector/host';

/** Rejects an argument that a tool does not have: a misspelled one would otherwise look like an empty answer. */
export function assertArguments(tool: string, args: JsonObject, known: readonly string[]): void {
  const unknown = Object.keys(args).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const [near] = suggest(unknown, known);
  const didYouMean = near === undefined ? '' : ` Did you mean "${near}"?`;
  throw new ConnectorError('INPUT_INVALID', `${tool} has no argument "${unknown}".${didYouMean}`, {
    advice: `Arguments of ${tool}: ${known.join(', ')}.`,
  });
}

/**
 * The text of an argument that a tool needs.
 *
 * @param example The name of the argument, with an example: `{ query: 'close ticket' }`.
 */
export function requireTextArgument(
  tool: string,
  args: JsonObject,
  example: Readonly<Record<string, string>>,
): string {
  const [[name, text] = ['', '']] = Object.entries(example);
  const value = args[name];
  if (typeof value === 'string' && value.trim() !== '') return value;
  throw new ConnectorError('INPUT_INVALID', `${tool} needs the text "${name}".`, {
    advice: `For example {"${name}": "${text}"}.`,
  });
}
