import { openConnectionStore } from 'dynamics365-connector/node';
import { printTable } from '../print-table.ts';
import type { CommandContext } from './command-context.ts';

/** `d365 connections`: lists the connections on this machine, without secrets. */
export default async function connections({ terminal }: CommandContext) {
  const opened = await openConnectionStore();
  const all = await opened.list();
  opened.close();
  if (terminal.json) for (const saved of all) terminal.print(JSON.stringify(saved));
  else if (all.length === 0) terminal.printNote('no connections yet: create one with d365 connect');
  else {
    const headings = ['name', 'organization', 'kind', 'signed in'];
    const rows = all.map(({ name, settings, kind, account }) => [name, settings.orgUrl, kind, account ?? '']);
    printTable(terminal, headings, rows);
  }
  return 0;
}
