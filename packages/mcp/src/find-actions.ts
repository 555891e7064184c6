import type { ActionDefinition, JsonObject } from 'dynamics365-connector';
import type { McpHost } from './host.ts';
import { isAllowed } from './permissions.ts';

/** How many actions are answered, and how many of them with their input. */
const most = 10;
const mostInputs = 3;

/** Words of a question that are about no action; those of one or two letters are left out anyway. */
const small: ReadonlySet<string> = new Set(
  'and are can does for from how into must need one our please should some someone something that the there this want what when where which who will with would you'.split(
    ' ',
  ),
);

/** The actions that words speak of, the nearest first; the first few with the schema of their input. */
export function findActions({ connector, permissions }: McpHost, query: string): readonly JsonObject[] {
  const actions = Object.values(connector.definition.actions);
  const words = (query.toLowerCase().match(/[a-z0-9]{3,}/g) ?? []).filter((word) => !small.has(word));
  const scores = words.map((word) => scoresOf(actions, word));
  return actions
    .map((action, at) => ({ action, score: scores.reduce((sum, score) => sum + score[at]!, 0) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || (a.action.id < b.action.id ? -1 : 1))
    .slice(0, most)
    .map(({ action }, place) => ({
      id: action.id,
      title: action.title,
      description: action.description,
      allowed: isAllowed(action, permissions),
      ...(place < mostInputs ? { input: action.input as JsonObject } : {}),
    }));
}

/** What a word says for each action: the fewer have it, the more it says. */
function scoresOf(actions: readonly ActionDefinition[], word: string): readonly number[] {
  const places = actions.map((action) => placeOf(action, word));
  const rarity = Math.log(1 + actions.length / places.filter((place) => place > 0).length);
  return places.map((place) => place && place * rarity);
}

/** Where a word stands: in the id, the title, the description, or among the names of the inputs. */
function placeOf({ id, title, description, input }: ActionDefinition, word: string): number {
  if (begins(id, word)) return 4;
  if (begins(title, word)) return 2;
  const inputs = Object.keys((input.properties ?? {}) as object).join(' ');
  return begins(description, word) || begins(inputs, word) ? 1 : 0;
}

/** Does a word of the text begin so? A plural asks for the singular, too. */
function begins(text: string, word: string): boolean {
  const stem = word.replace(/s$/, '');
  return text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .some((one) => one.startsWith(stem));
}
