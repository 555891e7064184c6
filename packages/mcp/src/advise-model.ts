import type { ConnectorError } from 'dynamics365-connector';

/** Who must act when a model cannot: the advice of these errors is for people at a shell. */
const operatorCategories: readonly ConnectorError['category'][] = ['connection', 'operator', 'manifest'];

/**
 * The advice of an error for a model: it can call the tools of this server and tell the user what it cannot do, but it
 * has no shell. Sentences with commands are replaced by the tool for the same.
 */
export function adviseModel({ code, category, advice }: ConnectorError): string {
  if (code === 'OPERATION_UNKNOWN') return 'Find the id with find_actions, then repeat the call.';
  const sentences = advice.split(/(?<=[.;]) /);
  const own = sentences.map(replaceCommand).filter((sentence) => sentence !== undefined);
  if (operatorCategories.includes(category))
    own.push('Tell the user: whoever operates this server can repair its connection.');
  return own.length > 0 ? own.join(' ') : 'Tell the user what failed.';
}

function replaceCommand(sentence: string): string | undefined {
  if (!sentence.includes('`d365')) return sentence;
  return /`d365 describe`/.test(sentence)
    ? 'describe_table lists the columns and choices of a table.'
    : undefined;
}
