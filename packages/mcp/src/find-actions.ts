import type { ActionDefinition, JsonObject } from 'dynamics365-connector';
import { omitUndefined, runtimeOf } from 'dynamics365-connector/host';
import type { McpServerConfig } from './mcp-server-config.ts';
import { isAllowed } from './permissions.ts';

const maxResults = 10;
/** How many of the results come with the schema of their input. */
const maxInputSchemas = 3;

/** Words of three and more letters that say nothing about an action; shorter words are never searched for. */
const stopWords: ReadonlySet<string> = new Set(
  'and are can does for from how into must need one our please should some someone something that the there this want what when where which who will with would you'.split(
    ' ',
  ),
);

/** Finds actions by words of their id, title, description and input names, best match first. */
export function findActions(
  { connector, permissions }: McpServerConfig,
  query: string,
): readonly JsonObject[] {
  const actions = Object.values(runtimeOf(connector).definition.actions);
  return rankActions(actions, query)
    .slice(0, maxResults)
    .map((action, rank) =>
      omitUndefined({
        id: action.id,
        title: action.title,
        description: action.description,
        allowed: isAllowed(action, permissions),
        input: rank < maxInputSchemas ? (action.input as JsonObject) : undefined,
      }),
    );
}

/** The actions that match at least one word, by the sum of their word scores. */
function rankActions(actions: readonly ActionDefinition[], query: string): readonly ActionDefinition[] {
  const words = (query.toLowerCase().match(/[a-z0-9]{3,}/g) ?? []).filter((word) => !stopWords.has(word));
  const scores = new Map<ActionDefinition, number>();
  for (const word of words) {
    const matches = matchesOf(actions, word);
    // A word that matches few actions says more than one that matches many (inverse document frequency).
    const rarity = Math.log(1 + actions.length / matches.length);
    for (const { action, weight } of matches) {
      scores.set(action, (scores.get(action) ?? 0) + weight * rarity);
    }
  }
  return [...scores]
    .sort(([a, scoreA], [b, scoreB]) => scoreB - scoreA || (a.id < b.id ? -1 : 1))
    .map(([action]) => action);
}

function matchesOf(actions: readonly ActionDefinition[], word: string) {
  return actions
    .map((action) => ({ action, weight: matchWeight(action, word) }))
    .filter(({ weight }) => weight > 0);
}

/** A match in the id weighs most, then the title, then the description and the names of the inputs. */
function matchWeight({ id, title, description, input }: ActionDefinition, word: string): number {
  if (hasWordWithStem(id, word)) return 4;
  if (hasWordWithStem(title, word)) return 2;
  const inputNames = Object.keys((input.properties ?? {}) as object).join(' ');
  return hasWordWithStem(description, word) || hasWordWithStem(inputNames, word) ? 1 : 0;
}

/** Whether a word of the text begins with the given word; a plural also finds its singular. */
function hasWordWithStem(text: string, word: string): boolean {
  const stem = word.replace(/s$/, '');
  return text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .some((textWord) => textWord.startsWith(stem));
}
