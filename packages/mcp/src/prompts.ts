import { fromJsonSchema, type McpServer } from './mcp-sdk.ts';

/** A job that service people ask for often, as a prompt with arguments. */
interface Job {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Arguments and what they are. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly text: (values: Readonly<Record<string, string | undefined>>) => string;
}

const jobs: readonly Job[] = [
  {
    name: 'triage_next_case',
    title: 'Triage the next case of a queue',
    description: 'Takes the most urgent case of a queue, summarizes it and proposes the next step.',
    inputs: { queue: 'Name of the queue.' },
    text: ({ queue }) =>
      `Find the queue "${queue}" (queue.search), take its most urgent item (queue.pick-next with order most-urgent), read the case and its timeline (case.read-timeline), and summarize: who asks, what happened, what is promised until when. Propose one next step and wait for my decision before you change or send anything.`,
  },
  {
    name: 'summarize_customer',
    title: 'Summarize a customer',
    description: 'Open cases, last contacts and open sales of an account or contact.',
    inputs: { customer: 'Name of the company or person.' },
    text: ({ customer }) =>
      `Find the customer "${customer}" (account.search, then contact.search). Show their open cases by priority, the last five entries of the timeline, and open opportunities. Name what is overdue. Change nothing.`,
  },
  {
    name: 'draft_reply',
    title: 'Draft a reply to a case',
    description: 'Reads a case and its history and drafts an answer to the customer.',
    inputs: { case: 'Number of the case, such as CAS-01001-A1B2C3.' },
    text: ({ case: number }) =>
      `Find the case "${number}" (case_search), read its timeline and search the knowledge articles for its topic. Draft a short and friendly reply in the language of the customer. Show it to me; send it with case.reply-by-email only after I agree.`,
  },
  {
    name: 'shift_report',
    title: 'Report on the service desk',
    description: 'Open cases per priority, per owner and per status, and what is overdue.',
    inputs: { since: 'Start of the report, such as 2026-01-31.' },
    text: ({ since }) =>
      `Report on the service desk since ${since}: with record.summarize count the cases per status, per priority and per owner (filter createdon ge ${since}), and the open ones per owner. List the cases whose SLA is missed (sla-kpi.list). Ten lines at most.`,
  },
];

/** Adds prompts for the common jobs of service people. https://modelcontextprotocol.io/specification/draft/server/prompts */
export function addPrompts(server: McpServer): void {
  for (const { name, title, description, inputs, text } of jobs) {
    const argsSchema = fromJsonSchema<Readonly<Record<string, string>>>({
      type: 'object',
      required: Object.keys(inputs),
      properties: Object.fromEntries(
        Object.entries(inputs).map(([input, about]) => [input, { type: 'string', description: about }]),
      ),
    });
    server.registerPrompt(name, { title, description, argsSchema }, (values) => ({
      messages: [{ role: 'user' as const, content: { type: 'text' as const, text: text(values) } }],
    }));
  }
}
