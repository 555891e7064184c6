import type { ActionDefinition, JsonObject } from 'dynamics365-connector';
import type { McpServerConfig } from './mcp-server-config.ts';
import { isAllowed } from './permissions.ts';

/** How many actions are answered, and how many of them with their input. */
const maxResults = 10;
const maxInputSchemas = 3;

/** Words of a question that are about no action; those of one or two letters are left out anyway. */
const stopWords: ReadonlySet<string> = new Set(
  'and are can does for from how into must need one our please should some someone something that the there this want what when where which who will with would you'.split(
    ' ',
  ),
);

/** The actions that words speak of, the nearest first; the first few with the schema of their input. */
export function findActions(
  { connector, permissions }: McpServerConfig,
  query: string,
): readonly JsonObject[] {
  const actions = Object.values(connector.definition.actions);
  const words = (query.toLowerCase().match(/[a-z0-9]{3,}/g) ?? []).filter((word) => !stopWords.has(word));
  const scores = words.map((word) => scoreWord(actions, word));
  return actions
    .map((action, at) => ({ action, score: scores.reduce((sum, score) => sum + score[at]!, 0) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || (a.action.id < b.action.id ? -1 : 1))
    .slice(0, maxResults)
    .map(({ action }, rank) => ({
      id: action.id,
      title: action.title,
      description: action.description,
      allowed: isAllowed(action, permissions),
      ...(rank < maxInputSchemas ? { input: action.input as JsonObject } : {}),
    }));
}

/** What a word says for each action: the fewer have it, the more it says. */
function scoreWord(actions: readonly ActionDefinition[], word: string): readonly number[] {
  const weights = actions.map((action) => matchWeight(action, word));
  const rarity = Math.log(1 + actions.length / weights.filter((rank) => rank > 0).length);
  return weights.map((rank) => rank && rank * rarity);
}

/** Where a word stands: in the id, the title, the description, or among the names of the inputs. */
function matchWeight({ id, title, description, input }: ActionDefinition, word: string): number {
  if (hasWordWithStem(id, word)) return 4;
  if (hasWordWithStem(title, word)) return 2;
  const inputs = Object.keys((input.properties ?? {}) as object).join(' ');
  return hasWordWithStem(description, word) || hasWordWithStem(inputs, word) ? 1 : 0;
}

/** Does a word of the text begin so? A plural asks for the singular, too. */
function hasWordWithStem(text: string, word: string): boolean {
  const stem = word.replace(/s$/, '');
  return text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .some((one) => one.startsWith(stem));
}
