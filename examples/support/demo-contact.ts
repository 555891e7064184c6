import type { Client, Operations } from 'dynamics365-connector';

/** example.com is reserved (RFC 2606): a message to this address reaches nobody. */
const email = 'kettle.demo@example.com';

/** The customer of the demo cases; creates it unless an earlier run did. Returns it as a lookup. */
export async function findDemoContact(client: Client<Operations>) {
  const [known] = (await client.run('contact.list', { email, limit: 1 })).output;
  const contact =
    known ??
    (await client.run('contact.create', { firstName: 'Kim', lastName: 'Kettle (demo)', email })).output;
  return { table: 'contact', id: contact.id } as const;
}
