import { loadConnector, type RequestPlan } from 'dynamics365-connector';
import { type InputOptions, readInput } from '../read-input.ts';
import type { Terminal } from '../terminal.ts';
import type { CommandContext } from './command-context.ts';

/** `d365 explain <action>`: prints the request without sending it, and the clauses that missing inputs omit. */
export default async function explain({ terminal, args, options }: CommandContext<InputOptions>) {
  const [action = ''] = args;
  const connector = await loadConnector({ folder: options.manifest });
  const settings = options.org === undefined ? undefined : { orgUrl: options.org };
  const plan = connector.explain(action, await readInput(options), settings);
  terminal.print(terminal.json ? JSON.stringify(plan) : formatPlan(plan, terminal.style));
  return 0;
}

function formatPlan(plan: RequestPlan, style: Terminal['style']): string {
  const url = new URL(plan.url);
  const lines = [
    `${style('bold', plan.method)} ${url.origin}${decodeURIComponent(url.pathname)}`,
    ...[...url.searchParams].map(
      ([name, value], index) => `  ${index === 0 ? '?' : '&'}${style('cyan', name)}=${value}`,
    ),
    ...Object.entries(plan.headers).map(([name, value]) => style('dim', `${name}: ${value}`)),
  ];
  if (plan.body !== undefined) lines.push('', JSON.stringify(plan.body, null, 2));
  if (plan.omittedClauses.length > 0) {
    lines.push('', 'omitted, because their input is missing:');
    lines.push(...plan.omittedClauses.map((clause) => `  ${clause}`));
  }
  lines.push('', `if the connection fails: ${retryDescriptions[plan.safety]}`);
  return lines.join('\n');
}

const retryDescriptions: Readonly<Record<RequestPlan['safety'], string>> = {
  repeatable: 'the request is sent again; the result is the same',
  create: 'the request is sent again with the same row ID, so that no second row is created',
  delete: 'the request is sent again; a row that is already deleted counts as success',
  once: 'the request is not sent again; the error says that the outcome is unknown',
};
