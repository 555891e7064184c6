import { loadConnector, type RequestPlan } from 'dynamics365-connector';
import { type InputOptions, readInput } from '../read-input.ts';
import type { CommandContext } from './command-context.ts';

/** `d365 explain <action>`: the exact request, and the clauses that absent inputs leave out. */
export default async function explain({ terminal, args, options }: CommandContext<InputOptions>) {
  const connector = await loadConnector({ folder: options.manifest });
  const settings = options.org === undefined ? undefined : { orgUrl: options.org };
  const plan = connector.explain(args[0] ?? '', await readInput(options), settings);
  terminal.print(terminal.json ? JSON.stringify(plan) : printPlan(plan, terminal.style));
  return 0;
}

function printPlan(
  plan: RequestPlan,
  style: (style: 'bold' | 'dim' | 'cyan', text: string) => string,
): string {
  const url = new URL(plan.url);
  const options = [...url.searchParams].map(
    ([name, value], index) => `  ${index === 0 ? '?' : '&'}${style('cyan', name)}=${value}`,
  );
  return [
    `${style('bold', plan.method)} ${url.origin}${decodeURIComponent(url.pathname)}`,
    ...options,
    ...Object.entries(plan.headers).map(([name, value]) => style('dim', `${name}: ${value}`)),
    ...(plan.body === undefined ? [] : ['', JSON.stringify(plan.body, null, 2)]),
    ...(plan.omittedClauses.length === 0
      ? []
      : [
          '',
          'left out, since their input is absent:',
          ...plan.omittedClauses.map((clause) => `  ${clause}`),
        ]),
    '',
    `after a broken line: ${safetyDescriptions[plan.safety]}`,
  ].join('\n');
}

const safetyDescriptions: Readonly<Record<RequestPlan['safety'], string>> = {
  repeatable: 'sent again, the result is the same',
  create: 'sent again with the same id, so no second row can appear',
  delete: 'sent again; already gone counts as done',
  once: 'never sent again; the error says that the outcome is unknown',
};
