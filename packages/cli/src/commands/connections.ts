import { openConnectionStore } from 'dynamics365-connector/node';
import { printTable } from '../print-table.ts';
import type { CommandContext } from './command-context.ts';

/** `d365 connections`: lists the connections on this machine, without secrets. */
export default async function connections({ terminal }: CommandContext) {
  const opened = await openConnectionStore();
  const all = await opened.list();
  const chosen = await opened.defaultName();
  opened.close();
  if (terminal.json) for (const saved of all) terminal.printJson(saved);
  else if (all.length === 0) terminal.printNote('no connections yet: create one with d365 connect');
  else {
    const headings = ['name', 'organization', 'kind', 'signed in', 'default'];
    const rows = all.map(({ name, settings, kind, account }) => [
      name,
      settings.orgUrl,
      kind,
      account ?? '',
      name === chosen ? 'yes' : '',
    ]);
    printTable(terminal, headings, rows);
  }
  return 0;
}
