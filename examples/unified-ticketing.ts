/**
 * Unified ticketing: a new case is answered by e-mail, noted and resolved; its timeline is printed at the end.
 * Run it: node --conditions=development examples/unified-ticketing.ts [--connection <name>]
 */
import type { Client, Operations } from 'dynamics365-connector';
import { findDemoContact } from './support/demo-contact.ts';
import { formatChoice } from './support/format-choice.ts';
import { pollAll } from './support/poll-all.ts';
import { type ExampleContext, isMainModule, runExample } from './support/run-example.ts';

/** Creates a demo case and processes it as a workflow does: every step starts from a trigger. */
export async function unifiedTicketing({
  client,
  sandbox,
  print,
}: Omit<ExampleContext, 'connection'>): Promise<void> {
  const created = await pollAll((from) => client.poll('case.created', {}, from));
  const resolved = await pollAll((from) => client.poll('case.resolved', {}, from));

  const demoCase = await createDemoCase(client);
  if (sandbox === undefined) print('Only the demo case is processed; other cases stay as they are.');

  const newCases = await pollAll((from) => client.poll('case.created', {}, from), created.checkpoint);
  for (const { row } of newCases.items) {
    print(`new: ${row.number} ${row.title}`);
    if (row.id !== demoCase.id) continue;
    const mail = await answer(client, row.id, row.title ?? '');
    print(`answered: ${mail.subject} (${formatChoice(mail.status)})`);
    await client.run('case.resolve', { id: row.id, subject: 'Sent a new fuse', minutesSpent: 10 });
  }

  const resolutions = await pollAll((from) => client.poll('case.resolved', {}, from), resolved.checkpoint);
  for (const { row } of resolutions.items) print(`resolved: ${row.case?.name}: ${row.subject}`);

  print(`timeline of ${demoCase.number}, the newest first:`);
  for await (const line of readTimeline(client, demoCase.id)) print(`  ${line}`);
}

async function createDemoCase(client: Client<Operations>) {
  const customer = await findDemoContact(client);
  const input = { title: 'The kettle does not boil', customer, origin: 'web' } as const;
  return (await client.run('case.create', input)).output;
}

/** Sends an e-mail with an instruction to the customer and adds a note; returns the e-mail. */
async function answer(client: Client<Operations>, id: string, title: string) {
  const body = `<p>Thank you for your message about “${escapeHtml(title)}”. We are working on it.</p>`;
  const content = Buffer.from('1. Unplug the kettle. 2. Change the fuse.').toString('base64');
  const attachments = [{ fileName: 'fuse.txt', mimeType: 'text/plain', content }];
  const { output: mail } = await client.run('case.reply-by-email', { id, body, attachments });
  await client.run('case.add-note', { id, text: 'Answered by the ticketing workflow.' });
  return mail;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** What happened to a case, as lines: its activities, notes and posts. */
async function* readTimeline(client: Client<Operations>, id: string): AsyncGenerator<string> {
  let before: string | undefined;
  do {
    const { output } = await client.run('case.read-timeline', { id, before, maxTextLength: 200 });
    for (const entry of output?.entries ?? []) {
      const status = entry?.status ? ` (${entry.status})` : '';
      yield `${entry?.on}  ${entry?.table}${status}: ${entry?.title ?? entry?.text}`;
    }
    for (const missing of output?.notRead ?? []) yield `${missing?.kind} were not read: ${missing?.reason}`;
    before = output?.next ?? undefined;
  } while (before !== undefined);
}

if (isMainModule(import.meta.filename)) {
  await runExample({
    about: 'Answers a new case by e-mail, adds a note, resolves it, and prints its timeline.',
    options: {},
    run: unifiedTicketing,
  });
}
