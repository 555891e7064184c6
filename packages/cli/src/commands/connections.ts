import { openConnections } from 'dynamics365-connector/node';
import { showTable } from '../table.ts';
import type { CommandContext } from './context.ts';

/** `d365 connections`: what is saved on this machine; never a secret. */
export default async function connections({ terminal }: CommandContext) {
  const opened = await openConnections();
  const all = await opened.list();
  opened.close();
  if (terminal.json) for (const saved of all) terminal.out(JSON.stringify(saved));
  else if (all.length === 0) terminal.note('no connections yet: d365 connect makes one');
  else {
    const head = ['name', 'organisation', 'kind', 'signed in'];
    const rows = all.map(({ name, settings, kind, account }) => [name, settings.orgUrl, kind, account ?? '']);
    showTable(terminal, head, rows);
  }
  return 0;
}
