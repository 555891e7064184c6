import type { RequestPlan, StepPlan } from 'dynamics365-connector';
import type { Terminal } from './terminal.ts';

type Style = Terminal['style'];

/** The requests of an action in their order; the steps are named if there are several. */
export function formatStepPlans(plans: readonly StepPlan[], style: Style): string {
  const [only] = plans;
  if (plans.length === 1 && only?.plan !== undefined) return formatPlan(only.plan, style);
  return plans.map((step, index) => formatStep(step, index, style)).join('\n\n');
}

function formatStep({ name, action, plan, assumed }: StepPlan, index: number, style: Style): string {
  const title = style('bold', `step ${index + 1}${name === undefined ? '' : ` "${name}"`}: ${action}`);
  const request =
    plan === undefined
      ? 'sends several requests, or one that depends on the tables of the organization'
      : formatPlan(plan, style);
  const values = Object.entries(assumed);
  const lines = values.map(([path, value]) => `  {{${path}}}: ${JSON.stringify(value)}`);
  return [
    title,
    request,
    ...(lines.length > 0 ? ['with these values instead of the results of earlier steps:', ...lines] : []),
  ].join('\n');
}

function formatPlan(plan: RequestPlan, style: Style): string {
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
