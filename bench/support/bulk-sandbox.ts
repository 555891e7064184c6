import { startLocalSandbox } from '../../packages/cli/src/start-local-sandbox.ts';

/* Runs in its own process: a sandbox with the limits of Dataverse that counts its contacts for each message. */
const { organization, issueToken, user } = await startLocalSandbox({
  organizations: [{ name: 'contoso', data: 'empty' }],
});
organization.store.addKey('contact', 'contact_email', ['emailaddress1']);
const actor = { userId: organization.findSystemUserId(user)! };
process.on('message', () => process.send?.({ contacts: organization.store.count('contact', { actor }) }));
process.on('disconnect', () => process.exit());
process.send?.({ origin: organization.origin, token: issueToken() });
