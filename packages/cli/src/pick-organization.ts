import { createInterface } from 'node:readline/promises';
import { ConnectorError, type Organization } from 'dynamics365-connector';
import type { Terminal } from './terminal.ts';

/**
 * Returns the only enabled organization, or lets the user choose one at the terminal.
 *
 * @throws ConnectorError USER_NOT_IN_ORG if there is none; CONNECTION_INVALID if there are several and stdin or
 *   stdout is not a terminal
 */
export async function pickOrganization(
  terminal: Terminal,
  organizations: readonly Organization[],
): Promise<Organization> {
  const enabled = organizations.filter((organization) => organization.enabled);
  const [first, ...others] = enabled;
  if (first === undefined) {
    throw new ConnectorError('USER_NOT_IN_ORG', 'This user has access to no organization in this cloud.', {
      advice:
        'Ask an administrator for access, or give another cloud with --cloud, or an organization with --org.',
    });
  }
  if (others.length === 0) return first;
  if (!terminal.interactive || process.stdin.isTTY !== true) throw ambiguousOrganization(enabled);
  enabled.forEach(({ name, url }, index) => {
    terminal.printNote(`${String(index + 1).padStart(3)}  ${name}  ${terminal.style('dim', url)}`);
  });
  return await promptForOrganization(enabled);
}

async function promptForOrganization(organizations: readonly Organization[]): Promise<Organization> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    for (;;) {
      const picked = organizations[Number(await reader.question('Number of the organization: ')) - 1];
      if (picked !== undefined) return picked;
    }
  } finally {
    reader.close();
  }
}

function ambiguousOrganization(organizations: readonly Organization[]): ConnectorError {
  const urls = organizations.map(({ url }) => url);
  return new ConnectorError('CONNECTION_INVALID', 'This user has access to several organizations.', {
    suggestions: urls,
    advice: `Choose one with --org: ${urls.join(', ')}.`,
  });
}
