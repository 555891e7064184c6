import { openSandbox } from '../../packages/cli/src/load-sandbox.ts';

/* A process of its own: serves an organisation with its real limits, and counts contacts whenever it is asked. */
const { organisation, tokenFor, user } = await openSandbox({
  organisations: [{ name: 'contoso', data: 'empty' }],
});
organisation.store.addKey('contact', 'contact_email', ['emailaddress1']);
const actor = { userId: organisation.userIdOf(user)! };
process.on('message', () => process.send?.({ contacts: organisation.store.count('contact', { actor }) }));
process.on('disconnect', () => process.exit());
process.send?.({ origin: organisation.origin, token: tokenFor() });
