import type { Client } from './client.ts';
import type { Connector } from './connector.ts';

type AnyMethods<Type> = {
  readonly [Name in keyof Type]: Type[Name] extends (...args: never) => unknown
    ? (...args: never) => unknown
    : Type[Name];
};

/** A client of any types: what a host takes that does not know the operations at compile time. */
export type AnyClient = AnyMethods<Client>;

/** A connector of any types. */
export type AnyConnector = AnyMethods<Connector>;

/** The same client with ids as text and inputs as JSON; inputs are checked at run time as always. */
export function untypedClient(client: AnyClient): Client {
  return client as Client;
}

/** The same connector with ids as text and inputs as JSON. */
export function untypedConnector(connector: AnyConnector): Connector {
  return connector as Connector;
}
