import type { ActionDefinition } from '../../model/definition.ts';
import type { JsonObject } from '../../model/json.ts';
import type { McpHost } from './host.ts';
import { isAllowed } from './permissions.ts';

/** How many actions are answered, and how many of them with their input. */
const most = 10;
const mostInputs = 3;

/** The actions that words speak of, the nearest first; the first few with the schema of their input. */
export function findActions({ connector, permissions }: McpHost, query: string): readonly JsonObject[] {
  const words = query.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return Object.values(connector.definition.actions)
    .map((action) => ({ action, score: scoreOf(action, words) }))
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

/** A word of the id counts more than one of the title, and that more than one of the description. */
function scoreOf({ id, title, description }: ActionDefinition, words: readonly string[]): number {
  const score = (word: string) => {
    if (id.split(/[.-]/).includes(word)) return 4;
    if (id.includes(word) || title.toLowerCase().includes(word)) return 2;
    return description.toLowerCase().includes(word) ? 1 : 0;
  };
  return words.reduce((sum, word) => sum + score(word), 0);
}
