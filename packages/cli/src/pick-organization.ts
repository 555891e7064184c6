import { createInterface } from 'node:readline/promises';
import { ConnectorError, type Organization } from 'dynamics365-connector';
import type { Terminal } from './terminal.ts';

/** The organization to connect to: the only one there is, or the one that the person at the terminal picks. */
export async function pickOrganization(
  terminal: Terminal,
  organizations: readonly Organization[],
): Promise<Organization> {
  const open = organizations.filter(({ enabled }) => enabled);
  const [only, ...others] = open;
  if (only === undefined) {
    throw new ConnectorError('USER_NOT_IN_ORG', 'This user may enter no organization in this cloud.', {
      advice: 'Ask an administrator for access, or name another --cloud, or the organization with --org.',
    });
  }
  if (others.length === 0) return only;
  if (!terminal.interactive || process.stdin.isTTY !== true) throw ambiguousOrganization(open);
  open.forEach(({ name, url }, index) => {
    terminal.printNote(`${String(index + 1).padStart(3)}  ${name}  ${terminal.style('dim', url)}`);
  });
  return await promptForOrganization(open);
}

async function promptForOrganization(organizations: readonly Organization[]): Promise<Organization> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    for (;;) {
      const picked = organizations[Number(await reader.question('Which one? ')) - 1];
      if (picked !== undefined) return picked;
    }
  } finally {
    reader.close();
  }
}

function ambiguousOrganization(organizations: readonly Organization[]): ConnectorError {
  const urls = organizations.map(({ url }) => url);
  return new ConnectorError('CONNECTION_INVALID', 'This user may enter several organizations.', {
    suggestions: urls,
    advice: `Name one with --org: ${urls.join(', ')}.`,
  });
}
