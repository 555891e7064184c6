import { ConnectorError } from '../../errors/connector-error.ts';

/** The files of a new connector that extends this one, by their path in its folder. */
export function scaffoldConnector(name: string, version: string): ReadonlyMap<string, string> {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 80)
    throw new ConnectorError('INPUT_INVALID', `"${name}" cannot be the name of a connector.`, {
      advice: 'Use lower case letters, digits and hyphens: contoso-service.',
    });
  const title = name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
  return new Map([
    ['connector.yaml', connectorYaml(name, title)],
    ['package.json', `${JSON.stringify(packageJson(name, version), null, 2)}\n`],
    ['README.md', readme(title)],
    ['.gitignore', 'node_modules/\n'],
  ]);
}

function connectorYaml(name: string, title: string): string {
  return `# yaml-language-server: $schema=node_modules/dynamics365-connector/schemas/manifest/connector.schema.json
manifestVersion: 1
id: ${name}
version: 0.1.0
title: ${title}
description: Dynamics 365 Customer Service, with our own tables, actions and triggers.
extends: dynamics365-connector
`;
}

function packageJson(name: string, version: string): object {
  return {
    name,
    version: '0.1.0',
    private: true,
    files: ['connector.yaml', 'actions', 'triggers', 'schemas', 'dist'],
    scripts: { check: 'd365 check --manifest .', test: 'd365 test --manifest .' },
    peerDependencies: { 'dynamics365-connector': `^${version}` },
    devDependencies: { 'dynamics365-connector': `^${version}`, 'dynamics365-connector-cli': `^${version}` },
  };
}

function readme(title: string): string {
  return `# ${title}

A connector that extends dynamics365-connector: everything of it is here, beside the files of this folder.

\`\`\`sh
npm install
npx d365 learn --manifest .     # table files from your organization, after d365 connect
npm run check && npm test
\`\`\`

\`npx d365 new action case.escalate --manifest .\` writes an action to start from; docs/extend.md of dynamics365-connector says what the files can have.
`;
}
