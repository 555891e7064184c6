import type { ConnectorError } from 'dynamics365-connector';

/** Who must act when a model cannot: the advice of these errors is for people at a shell. */
const operatorCategories: readonly ConnectorError['category'][] = ['connection', 'operator', 'manifest'];

/**
 * The advice of an error for a model: it can call the tools of this server and tell the user what it cannot do, but it
 * has no shell. Sentences with commands are replaced by the tool for the same.
 */
export function adviseModel({ code, category, advice, details: { issues = [] } }: ConnectorError): string {
  if (code === 'OPERATION_UNKNOWN') return 'Find the id with find_actions, then repeat the call.';
  const sentences = advice.split(/(?<=[.;]) /);
  const own = sentences.map(replaceCommand).filter((sentence) => sentence !== undefined);
  // A number or a name where an id belongs: people say "CAS-01060".
  if (issues.some(({ message }) => message.startsWith('must be an id')))
    own.push(
      'Find the id of a row by its number or name with the search of its table, or with record.search.',
    );
  // Advice of the server itself has told the user what its operator can do.
  if (operatorCategories.includes(category) && code !== 'ACTION_NOT_ALLOWED')
    own.push('Tell the user: whoever operates this server can repair its connection.');
  return own.length > 0 ? own.join(' ') : 'Tell the user what failed.';
}

function replaceCommand(sentence: string): string | undefined {
  if (!sentence.includes('`d365')) return sentence;
  return /`d365 describe`/.test(sentence)
    ? 'describe_table lists the columns and choices of a table.'
    : undefined;
}
